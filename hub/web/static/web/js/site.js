// Comforts on top of pages that work without them: copy, theme, and "/" for search.

// The page brings a button with a drawing from the sprite; here both change with what the button does.
function label(button, words, icon) {
  button.ariaLabel = button.title = words;
  const { href } = button.querySelector("use");
  href.baseVal = href.baseVal.replace(/#.*/, `#${icon}`);
}

customElements.define("copy-button", class extends HTMLElement {
  connectedCallback() {
    this.onclick = async () => this.tell(await copy(this.dataset.text));
  }

  tell(done) {
    this.show(done, done ? "Copied" : "Could not copy: select the text instead");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(false, ""), 2000);
  }

  show(done, words) {
    this.toggleAttribute("data-done", done);
    this.lastElementChild.textContent = words;
    label(this.firstElementChild, this.firstElementChild.title, done ? "check" : "copy");
  }
});

// Without HTTPS a browser gives no clipboard; the old command still works there.
async function copy(text) {
  if (await navigator.clipboard?.writeText(text).then(() => true, () => false)) return true;
  const area = Object.assign(document.createElement("textarea"), { value: text, className: "sr-only" });
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

customElements.define("theme-toggle", class extends HTMLElement {
  connectedCallback() {
    this.onclick = () => this.toggle();
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.system.onchange = () => this.draw();
    this.draw();
  }

  get isDark() {
    return (document.documentElement.dataset.theme ?? (this.system.matches ? "dark" : "light")) === "dark";
  }

  toggle() {
    const theme = document.documentElement.dataset.theme = this.isDark ? "light" : "dark";
    this.draw();
    try { localStorage.setItem("headstart.theme", theme); } catch { /* Blocked: the choice holds for this page. */ }
  }

  draw() {
    label(this.firstElementChild, ...(this.isDark ? ["Use the light theme", "sun"] : ["Use the dark theme", "moon"]));
  }
});

// Where the tabs of a page scroll sideways, the current one is in view.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) tab.closest(".tabs").scrollLeft = tab.offsetLeft + tab.offsetWidth / 2 - tab.closest(".tabs").clientWidth / 2;

document.addEventListener("keydown", (event) => {
  const search = document.querySelector("[data-search]");
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping || !search) return;
  event.preventDefault();
  search.focus();
  search.select();
});
