// A lineage as a picture; the tables below it say the same without this script.

const WIDTH = 200;
const HEIGHT = 48;

function draw(name, attributes, ...content) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

function drawEdge({ points, x, y, label, isSoft }) {
  const [first, ...rest] = points.map((point) => `${point.x},${point.y}`);
  const line = draw("path", { class: "graph-edge", d: `M${first}L${rest.join(" ")}`, "marker-end": "url(#graph-arrow)" });
  if (isSoft) line.setAttribute("stroke-dasharray", "4 4");
  return [line, draw("text", { class: "graph-label", x, y: y + 4 }, label)];
}

function drawNode({ x, y, url, state, kind, above, name, title }) {
  const [left, top] = [x - WIDTH / 2, y - HEIGHT / 2];
  const box = draw("rect", { x: left, y: top, width: WIDTH, height: HEIGHT, rx: kind === "dataset" ? 24 : 6 });
  const lines = [draw("text", { class: "graph-above", x, y: y - 5 }, above), draw("text", { x, y: y + 14 }, name)];
  const link = url ? { href: url } : {};
  return draw(url ? "a" : "g", { class: "graph-node", "data-state": state, ...link }, draw("title", {}, title), box, ...lines);
}

class LineageGraph extends HTMLElement {
  async connectedCallback() {
    const { Graph, layout } = await import(this.dataset.library);
    const { nodes, edges } = JSON.parse(document.getElementById(this.dataset.source).textContent);
    const graph = new Graph().setGraph({ rankdir: "LR", nodesep: 16, ranksep: 24, marginx: 8, marginy: 8 });
    for (const node of nodes) graph.setNode(node.id, { ...node, width: WIDTH, height: HEIGHT });
    for (const edge of edges) graph.setEdge(edge.from, edge.to, { ...edge, width: 104, height: 16, labelpos: "c" });
    layout(graph);
    const { width, height } = graph.graph();
    const svg = draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": this.dataset.label });
    const tip = draw("path", { class: "graph-tip", d: "M0,0L8,4L0,8z" });
    svg.append(draw("marker", { id: "graph-arrow", markerWidth: 8, markerHeight: 8, refX: 7, refY: 4, orient: "auto" }, tip));
    for (const edge of graph.edges()) svg.append(...drawEdge(graph.edge(edge)));
    for (const id of graph.nodes()) svg.append(drawNode(graph.node(id)));
    this.replaceChildren(svg);
    const root = graph.node(nodes.find((node) => node.state === "root").id);
    this.parentElement.scrollTo(root.x - this.parentElement.clientWidth / 2, root.y - this.parentElement.clientHeight / 2);
  }
}

customElements.define("lineage-graph", LineageGraph);
