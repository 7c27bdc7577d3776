// A lineage as a picture; the tables below it say the same without this script.
const [WIDTH, HEIGHT] = [184, 46];

function draw(name, attributes, ...content) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

function drawEdge({ points, x, y, label, soft }) {
  const d = `M${points.map((point) => `${point.x},${point.y}`).join("L")}`;
  const line = draw("path", { class: "graph-edge", d, "data-soft": soft, "marker-end": "url(#graph-arrow)" });
  return [line, draw("text", { class: "graph-label", x, y: y + 4 }, label)];
}

function drawNode({ x, y, url, state, kind, above, name, title }) {
  const corner = { x: x - WIDTH / 2, y: y - HEIGHT / 2, rx: kind === "dataset" ? HEIGHT / 2 : 6 };
  const box = draw("rect", { ...corner, width: WIDTH, height: HEIGHT });
  const lines = [draw("text", { class: "graph-above", x, y: y - 5 }, above), draw("text", { x, y: y + 13 }, name)];
  const link = url ? { href: url } : {};
  return draw(url ? "a" : "g", { class: "graph-node", "data-state": state, ...link }, draw("title", {}, title), box, ...lines);
}

class LineageGraph extends HTMLElement {
  async connectedCallback() {
    const { Graph, layout } = await import(this.dataset.library);
    const { nodes, edges } = JSON.parse(document.getElementById(this.dataset.source).textContent);
    const graph = new Graph().setGraph({ rankdir: "LR", nodesep: 16, ranksep: 24, marginx: 8, marginy: 8 });
    for (const node of nodes) graph.setNode(node.id, { ...node, width: WIDTH, height: HEIGHT });
    for (const edge of edges) graph.setEdge(edge.from, edge.to, { ...edge, width: 96, height: 16, labelpos: "c" });
    layout(graph);
    const { width, height } = graph.graph();
    const svg = draw("svg", { width, height, role: "group", "aria-label": this.dataset.label });
    svg.append(...graph.edges().flatMap((edge) => drawEdge(graph.edge(edge))));
    svg.append(...graph.nodes().map((id) => drawNode(graph.node(id))));
    this.replaceChildren(svg);
    const { x, y } = graph.node(nodes.find((node) => node.state === "root").id);
    const frame = this.parentElement;
    frame.scrollTo(x - frame.clientWidth / 2, y - frame.clientHeight / 2);
  }
}
customElements.define("lineage-graph", LineageGraph);
