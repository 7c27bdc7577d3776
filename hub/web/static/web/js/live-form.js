// A form that says while it is filled in what the hub makes of it: parts of the answer replace those of the same id.
customElements.define("live-form", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), 350);
    });
  }

  async look() {
    const body = new FormData(this.querySelector("form"));
    body.set("action", "look");
    const asked = this.asked = fetch(location.href, { method: "POST", body }).then((answer) => answer.ok && answer.text());
    const text = await asked.catch(() => ""); // The hub is away: the form itself still says everything once it is sent.
    if (asked !== this.asked) return;
    const page = new DOMParser().parseFromString(text || "", "text/html");
    for (const part of page.querySelectorAll("[data-look]")) document.getElementById(part.id)?.replaceWith(part);
  }
});
