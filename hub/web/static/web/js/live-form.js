// A form that says while it is filled in what the hub makes of it: parts of the answer replace those of the same id.
class LiveForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), 350);
    });
  }

  async look() {
    this.asked?.abort();
    this.asked = new AbortController();
    const body = new FormData(this.querySelector("form"));
    body.set("action", "look");
    try {
      const answer = await fetch(location.href, { method: "POST", body, signal: this.asked.signal });
      const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
      for (const part of page.querySelectorAll("[data-look]")) document.getElementById(part.id)?.replaceWith(part);
    } catch { /* The hub is away, or was asked again: the form itself still says everything once it is sent. */ }
  }
}

customElements.define("live-form", LiveForm);
