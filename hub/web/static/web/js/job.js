// A job's page, kept up to date: the hub's stream says that there is news, the page's own parts say what. Where the
// stream fails (a proxy that holds it back, too many tabs), it asks every few seconds.
const PAUSE = 1000;
const POLL = 4000;

class LiveJob extends HTMLElement {
  connectedCallback() {
    if (!this.dataset.stream) return;
    this.after = 0;
    this.listen();
    document.addEventListener("visibilitychange", () => document.hidden || this.soon());
    this.timer = setInterval(() => Date.now() - this.heard > POLL && this.soon(), POLL);
  }

  disconnectedCallback() {
    this.end();
  }

  listen() {
    this.heard = Date.now();
    this.source = new EventSource(this.dataset.stream);
    const hear = () => { this.heard = Date.now(); this.soon(); };
    for (const kind of ["state", "progress", "metric", "log", "device", "message", "end"]) this.source.addEventListener(kind, hear);
    this.source.addEventListener("end", () => this.end());
  }

  end() {
    this.source?.close();
    clearInterval(this.timer);
  }

  // Many events are one look, and a page that nobody sees doesn't ask.
  soon() {
    if (document.hidden || this.waiting) return;
    this.waiting = setTimeout(async () => {
      await this.look().catch(() => {}); // The hub is away: the timer asks again.
      this.waiting = null;
    }, PAUSE);
  }

  async look() {
    const answer = await fetch(this.dataset.source);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const state = fresh.querySelector("[data-state]");
    if (state.dataset.over !== undefined) return location.reload(); // What it brought stands on the whole page.
    this.say(state.querySelector("h2").textContent);
    this.draw(fresh.getElementById("job-curves")); // First: a new picture takes its captions with it.
    for (const part of fresh.querySelectorAll("[data-live]")) this.swap(part);
  }

  // For screen readers: the element stays, only its words change, and only with the state.
  say(state) {
    const said = this.querySelector("[role=status]");
    if (said.textContent !== state) said.textContent = state;
  }

  // Only what changed, so that a screen reader, a selection and an open list stay where they are.
  swap(part) {
    const old = document.getElementById(part.id);
    if (!old || old.innerHTML === part.innerHTML) return;
    const tail = old.querySelector("[data-tail]");
    const isAtEnd = tail && tail.scrollTop + tail.clientHeight > tail.scrollHeight - 40;
    for (const list of old.querySelectorAll("details[open]")) part.querySelector("details")?.toggleAttribute("open", list.open);
    old.replaceWith(part);
    if (isAtEnd) part.querySelector("[data-tail]").scrollTop = 1e9;
  }

  draw(fresh) {
    const old = document.getElementById("job-curves");
    if (old.dataset.charts !== fresh.dataset.charts) return old.replaceWith(fresh);
    for (const data of fresh.querySelectorAll("script")) document.getElementById(data.id).textContent = data.textContent;
    for (const chart of old.querySelectorAll("chart-host")) chart.renew();
  }
}
customElements.define("live-job", LiveJob);
for (const tail of document.querySelectorAll("[data-tail]")) tail.scrollTop = 1e9;
