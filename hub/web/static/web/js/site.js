// Comforts on top of pages that work without them: copy, theme, and "/" for search.

function drawIcon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${document.documentElement.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

class CopyButton extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const label = this.dataset.label || "Copy";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "copy-button";
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
    this.said = document.createElement("span");
    this.said.className = "sr-only";
    this.said.setAttribute("role", "status");
    this.show("copy");
    this.button.addEventListener("click", () => this.copy());
    this.append(this.button, this.said);
  }

  show(icon) {
    this.button.replaceChildren(drawIcon(icon));
  }

  async copy() {
    const done = await writeClipboard(this.dataset.text);
    this.toggleAttribute("data-done", done);
    this.said.textContent = done ? "Copied" : "Could not copy: select the text instead";
    this.show(done ? "check" : "copy");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.removeAttribute("data-done");
      this.said.textContent = "";
      this.show("copy");
    }, 2000);
  }
}

async function writeClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

// Without HTTPS a browser gives no clipboard; the old command still works there.
function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr-only";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

class ThemeToggle extends HTMLElement {
  connectedCallback() {
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "theme-button";
    this.button.addEventListener("click", () => this.toggle());
    this.replaceChildren(this.button);
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.system.addEventListener("change", () => this.draw());
    this.draw();
  }

  get isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : this.system.matches;
  }

  toggle() {
    const theme = this.isDark ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("headstart.theme", theme);
    } catch {
      // Storage is blocked: the choice holds for this page.
    }
    this.draw();
  }

  draw() {
    const label = this.isDark ? "Use the light theme" : "Use the dark theme";
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
    this.button.replaceChildren(drawIcon(this.isDark ? "sun" : "moon"));
  }
}

customElements.define("copy-button", CopyButton);
customElements.define("theme-toggle", ThemeToggle);

// Where the tabs of a page scroll sideways, the current one is in view.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) tab.closest(".tabs").scrollLeft = tab.offsetLeft + tab.offsetWidth / 2 - tab.closest(".tabs").clientWidth / 2;

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});
