// Draws the table, or the JSON block, that `data-source` names; those stay for people without this script.
class ChartHost extends HTMLElement {
  async connectedCallback() {
    await import(this.dataset.library);
    const redraw = () => this.draw();
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    redraw();
  }

  // {labels, series: [{label, data}]}; of a table: its first column, and those whose heads have `data-series`.
  read() {
    const source = document.getElementById(this.dataset.source);
    if (source.tagName === "SCRIPT") return JSON.parse(source.textContent);
    const rows = [...source.tBodies[0].rows];
    const heads = [...source.tHead.rows[0].cells].filter((head) => "series" in head.dataset);
    const column = (head) => rows.map((row) => row.cells[head.cellIndex].dataset.value ?? null);
    const series = heads.map((head) => ({ label: head.textContent.trim(), data: column(head) }));
    return { labels: rows.map((row) => row.cells[0].textContent.trim()), series };
  }

  // Canvases know no custom properties: the element takes the colour on, and tells what it became.
  colour(name) {
    this.style.color = `var(${name})`;
    return getComputedStyle(this).color;
  }

  // Its data changed: no new picture, and nothing moves that hasn't changed.
  renew() {
    const { labels, series } = this.read();
    this.chart.data.labels = labels;
    series.forEach((each, at) => { this.chart.data.datasets[at].data = each.data; });
    this.chart.update("none");
  }

  draw() {
    const { labels, series, most } = this.read();
    const isAcross = "across" in this.dataset;
    const [color, line] = [this.colour("--ink-soft"), this.colour("--line")];
    const datasets = series.map((each, at) => {
      const fill = this.colour(`--series-${(at % 4) + 1}`);
      const few = each.data.filter((value) => value !== null).length < 12; // One point is no line.
      const curve = { pointRadius: few ? 3 : 0, pointHitRadius: 12, borderWidth: 2, spanGaps: true };
      return { ...each, ...curve, backgroundColor: fill, hoverBackgroundColor: fill, borderColor: fill, maxBarThickness: 26 };
    });
    for (const { ranges } of series.filter((each) => each.ranges)) {
      datasets.unshift({ label: "95 % interval", data: ranges, grouped: false, barThickness: 2, backgroundColor: color });
    }
    const ticks = { color, precision: this.dataset.precision, maxRotation: this.dataset.kind === "line" ? 0 : 50 };
    const axis = (isValue) => ({ beginAtZero: this.dataset.kind === "bar", ticks, grid: { color: line, display: isValue }, ...(isValue && { max: most }) });
    const scales = { x: axis(isAcross), y: axis(!isAcross) };
    const animation = matchMedia("(prefers-reduced-motion: reduce)").matches ? false : undefined;
    const plugins = { legend: { display: series.length > 1, labels: { color } } };
    const options = { indexAxis: isAcross ? "y" : "x", maintainAspectRatio: false, animation, scales, plugins };
    if (isAcross) this.style.height = `${3 + labels.length * Math.max(2.25, series.length)}rem`;
    this.chart?.destroy();
    const canvas = Object.assign(document.createElement("canvas"), { role: "img", ariaLabel: this.dataset.label });
    this.replaceChildren(canvas);
    this.chart = new Chart(canvas, { type: this.dataset.kind, data: { labels, datasets }, options });
  }
}
customElements.define("chart-host", ChartHost);
