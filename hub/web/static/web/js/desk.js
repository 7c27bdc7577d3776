// Keys of the review desk. `j` and `k` walk along what is marked data-stop; a letter presses the button, or chooses the
// answer, that names it in data-key. Nothing is decided by a key: the form's own button does that.
customElements.define("desk-keys", class extends HTMLElement {
  connectedCallback() {
    this.heard = (event) => this.hear(event);
    document.addEventListener("keydown", this.heard);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.heard);
  }

  hear(event) {
    const isTyping = event.target.closest?.("input:not([type=radio]), textarea, select, [contenteditable]");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j" || event.key === "k") this.walk(event.key === "j" ? 1 : -1, event);
    else if (/^[a-z]$/.test(event.key)) this.act(event.key, event);
  }

  walk(step, event) {
    const stops = [...this.querySelectorAll("[data-stop]")];
    const here = stops.findIndex((stop) => stop.contains(document.activeElement));
    const stop = stops[here < 0 ? 0 : Math.min(Math.max(here + step, 0), stops.length - 1)];
    if (!stop) return;
    event.preventDefault();
    (stop.querySelector("a") ?? stop).focus();
  }

  act(key, event) {
    const row = document.activeElement.closest("[data-stop]:has([data-key])");
    const target = (row ?? this).querySelector(`[data-key="${key}"]:not(:disabled)`);
    if (!target || (this.querySelector("tr") && !row)) return;
    event.preventDefault();
    target.click();
    target.form.querySelector("textarea")?.focus();
  }
});
