// Draws the table, or the JSON block, that `data-source` names; those stay for people without this script.

class ChartHost extends HTMLElement {
  async connectedCallback() {
    await import(this.dataset.library);
    const redraw = () => this.draw();
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    this.draw();
  }

  // {labels, series: [{label, data}]}; of a table: its first column, and those whose heads have `data-series`.
  read() {
    const source = document.getElementById(this.dataset.source);
    if (source.tagName === "SCRIPT") return JSON.parse(source.textContent);
    const [rows, heads] = [[...source.tBodies[0].rows], [...source.tHead.rows[0].cells]];
    const series = heads.filter((head) => "series" in head.dataset).map((head) => ({
      label: head.textContent.trim(),
      data: rows.map((row) => row.cells[head.cellIndex].dataset.value ?? null),
    }));
    return { labels: rows.map((row) => row.cells[0].textContent.trim()), series };
  }

  // Canvases know no custom properties: the element takes the colour on, and tells what it became.
  colour(name) {
    this.style.color = `var(${name})`;
    return getComputedStyle(this).color;
  }

  draw() {
    const { labels, series } = this.read();
    const isAcross = this.hasAttribute("data-across");
    const [ink, line] = [this.colour("--ink-soft"), this.colour("--line")];
    const datasets = series.map((each, at) => {
      const colour = this.colour(`--series-${(at % 4) + 1}`);
      return { ...each, backgroundColor: colour, hoverBackgroundColor: colour, borderColor: colour, maxBarThickness: 26 };
    });
    const axis = (isValue) => ({ beginAtZero: true, grid: { color: line, display: isValue }, ticks: { color: ink, precision: this.dataset.precision } });
    this.chart?.destroy();
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.dataset.label);
    this.replaceChildren(canvas);
    if (isAcross) this.style.height = `${3 + labels.length * Math.max(1.75, series.length)}rem`;
    this.chart = new Chart(canvas, {
      type: this.dataset.kind || "bar",
      data: { labels, datasets },
      options: {
        indexAxis: isAcross ? "y" : "x",
        maintainAspectRatio: false,
        animation: !matchMedia("(prefers-reduced-motion: reduce)").matches && undefined,
        scales: { x: axis(isAcross), y: axis(!isAcross) },
        plugins: { legend: { display: series.length > 1, labels: { color: ink } } },
      },
    });
  }
}

customElements.define("chart-host", ChartHost);
