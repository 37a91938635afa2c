// Draw it: strokes of three pens with a finger or a mouse, kept as whole numbers in a field of the form.
const place = document.querySelector("#drawing");
const field = place.querySelector("[name=drawing]");
const paper = place.querySelector(".paper");
const status = place.querySelector("[role=status]");
const pens = [...place.querySelectorAll("[data-pen]")];
const { width: WIDE, height: HIGH } = paper.viewBox.baseVal;
const LONGEST = 3000; // numbers in one line while it is drawn
const SLACK = 1; // how far from a line a point may lie and be left out
let strokes = read(field.value);
let past = []; // what Undo goes back to
let pen = 0;
let drawn = null; // the stroke under the pen, the pointer that draws it, the line that shows it

/** Strokes are `pen x y x y …` with `;` between them; the server lets nothing else in. */
function read(text) {
  const found = text.split(";").map((one) => one.split(" ").map(Number));
  return text ? found.filter((one) => one[0] in pens) : [];
}

const write = (those) => those.map((one) => one.join(" ")).join(";");
const fits = (those) => write(those).length <= place.dataset.most;
const say = (full) => (status.textContent = full ? place.dataset.full : "");

const pointsOf = ([, ...numbers]) =>
  numbers.flatMap((x, at) => (at % 2 ? [] : [[x, numbers[at + 1]]]));

function pathOf(stroke) {
  const points = pointsOf(stroke).map((point) => point.join(" "));
  return `M${points.join("L")}L${points[points.length - 1]}`;
}

const colourOf = ([pen]) => pens[pen].querySelector("circle").getAttribute("fill");

function line(stroke) {
  const path = document.createElementNS(paper.namespaceURI, "path");
  path.setAttribute("stroke", colourOf(stroke));
  path.setAttribute("d", pathOf(stroke));
  return path;
}

function show() {
  paper.textContent = "";
  paper.append(...strokes.map(line));
}

/** Keep these strokes; whoever draws is there, and what is drawn is not to be left behind. */
function keep(those) {
  strokes = those;
  field.value = write(strokes);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  show();
}

/** The points of a stroke at which it bends, and its ends: the rest lie on the line anyway. */
function bends(points) {
  const kept = new Set([0, points.length - 1]);
  const spans = [[0, points.length - 1]];
  while (spans.length) {
    const [first, last] = spans.pop();
    const at = farthest(points, first, last);
    if (!at) continue;
    kept.add(at);
    spans.push([first, at], [at, last]);
  }
  return points.filter((_, at) => kept.has(at));
}

/** Which point between these two lies farthest from the line between them; nought if none lies off it. */
function farthest(points, first, last) {
  const [[x, y], [u, v]] = [points[first], points[last]];
  const long = Math.hypot(u - x, v - y);
  let [most, at] = [SLACK, 0];
  for (let i = first + 1; i < last; i += 1) {
    const [p, q] = points[i];
    const off = long ? Math.abs((u - x) * (y - q) - (x - p) * (v - y)) / long : Math.hypot(p - x, q - y);
    if (off > most) [most, at] = [off, i];
  }
  return at;
}

const smoothed = (stroke) => [stroke[0], ...bends(pointsOf(stroke)).flat()];

function pointAt({ clientX, clientY }) {
  const box = paper.getBoundingClientRect();
  const on = (share, most) => Math.max(0, Math.min(most, Math.round(share * most)));
  return [on((clientX - box.left) / box.width, WIDE), on((clientY - box.top) / box.height, HIGH)];
}

/** Put the pen down: the line under it only ever grows at its end. */
function begin(stroke, id) {
  if (!fits([...strokes, stroke])) return say(true);
  const path = document.createElementNS(paper.namespaceURI, "polyline");
  path.setAttribute("stroke", colourOf(stroke));
  drawn = { stroke, id, path };
  grow(...stroke.slice(1));
  grow(...stroke.slice(1));
  paper.append(path);
}

function grow(x, y) {
  drawn.path.points.appendItem(Object.assign(paper.createSVGPoint(), { x, y }));
}

function end() {
  const stroke = drawn.stroke;
  drawn = null; // Whatever becomes of this line, the next one can begin.
  const line = smoothed(stroke);
  const room = place.dataset.most - write([...strokes, []]).length;
  const full = line.join(" ").length > room;
  while (line.join(" ").length > room) line.splice(-2);
  past.push(strokes);
  keep([...strokes, line]);
  say(full);
}

function down(event) {
  if (drawn || event.button !== 0) return;
  event.preventDefault();
  begin([pen, ...pointAt(event)], event.pointerId);
  if (drawn) paper.setPointerCapture(event.pointerId);
}

function move(event) {
  if (drawn?.id !== event.pointerId) return;
  const { stroke, id } = drawn;
  const [x, y] = pointAt(event);
  if (x === stroke[stroke.length - 2] && y === stroke[stroke.length - 1]) return;
  stroke.push(x, y);
  grow(x, y);
  if (stroke.length < LONGEST) return;
  end(); // A line without end is drawn in parts, each from the end of the one before.
  begin([stroke[0], x, y], id);
}

function up(event) {
  if (drawn?.id === event.pointerId) end();
}

const does = {
  undo() {
    keep(past.pop() ?? strokes.slice(0, -1));
    say(false);
  },
  restart() {
    past.push(strokes);
    keep([]);
    say(false);
  },
};

function choose(button) {
  pen = Number(button.dataset.pen);
  for (const one of pens) one.setAttribute("aria-pressed", String(one === button));
}

/** Open the paper, or put it away; what is drawn stays. */
export function turn(button) {
  place.hidden = !place.hidden;
  button.setAttribute("aria-expanded", String(!place.hidden));
  if (!place.hidden) place.scrollIntoView({ block: "nearest" });
}

for (const button of pens) button.addEventListener("click", () => choose(button));
for (const button of place.querySelectorAll("[data-does]")) {
  button.addEventListener("click", () => does[button.dataset.does]());
}
paper.addEventListener("pointerdown", down);
paper.addEventListener("pointermove", move);
for (const end of ["pointerup", "pointercancel"]) paper.addEventListener(end, up);
show();
