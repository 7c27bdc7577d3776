// Names below a search field as one types: a listbox that arrow keys walk. Without it, the form just searches.
class SuggestBox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    const spoken = { role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(spoken)) this.input.setAttribute(name, value);
    this.show(false);
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), 150);
    });
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("focusout", (event) => this.contains(event.relatedTarget) || this.show(false));
  }
  async ask() {
    const text = this.input.value.trim();
    const answer = text && (await fetch(`${this.dataset.url}?q=${encodeURIComponent(text)}`).catch(() => null));
    if (text !== this.input.value.trim() || document.activeElement !== this.input) return;
    this.list.innerHTML = answer?.ok ? await answer.text() : "";
    this.show(this.list.childElementCount > 0);
  }
  show(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", open);
    this.choose(null);
  }
  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    this.chosen = option;
    option?.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
  }
  press(event) {
    if (this.list.hidden) return;
    const options = [...this.list.children], at = options.indexOf(this.chosen), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.choose(options.at((at + (at < 0 && step < 0 ? 0 : step)) % options.length));
    else if (event.key === "Enter" && this.chosen) this.chosen.click();
    else if (event.key === "Escape") this.show(false);
    else return;
    event.preventDefault();
  }
}
customElements.define("suggest-box", SuggestBox);
