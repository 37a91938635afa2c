// What only improves a staff page: names are covered sooner than the server alone could do it.
import "./pupil.js"; // what every page has: no connection, still there?

const cover = document.querySelector("form.covering[action*='/cover']");
const covers = document.querySelector("meta[http-equiv=refresh][content*='by=itself']");

/** Nothing about a child stays on the screen while the answer is on its way. */
function blank() {
  for (const shown of document.querySelectorAll("main > :not(form), .side .n")) shown.hidden = true;
}

/** Of a page that was left with words typed into it, only the forms stay. */
function onlyForms(around) {
  for (const shown of around.children) {
    if (shown.matches("form")) continue;
    if (shown.querySelector("form")) onlyForms(shown);
    else shown.hidden = true;
  }
}

addEventListener("left", () => onlyForms(document.querySelector("main")));

function coverNow() {
  blank();
  cover.submit();
}

/** A laptop that slept covers as it wakes; the page's own refresh would still count its sleep. */
function coverWhenTimeIsUp() {
  const until = Date.now() + parseInt(covers.content, 10) * 1000;
  const clock = setInterval(() => {
    if (Date.now() < until) return;
    clearInterval(clock);
    coverNow();
  }, 1000);
}

if (cover) {
  cover.addEventListener("submit", () => setTimeout(blank));
  // A second screen beside this one has come. Browsers tell of it on https and on this computer
  // alone, and of a mirrored board never: it is the two minutes, and the cover at first, that guard.
  window.screen.addEventListener?.("change", () => screen.isExtended && coverNow());
  // Back may bring up a page from before the names were covered again.
  addEventListener("pageshow", (event) => event.persisted && coverNow());
  if (covers) coverWhenTimeIsUp();
}

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Where a key leads in a grid of links: Home and End in the row, with Ctrl in the whole grid. */
function next(rows, row, column, { key, ctrlKey }) {
  const edge = { Home: 0, End: rows[row].length - 1 }[key];
  if (edge !== undefined) return rows[ctrlKey ? (edge && rows.length - 1) : row][edge];
  const [down, right] = STEPS[key] ?? [];
  return rows[row + down]?.[column + right];
}

/** The whole class is one stop for Tab; arrows move inside it. */
function walkTheGrid(table) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("a.c")]);
  const all = rows.flat();
  const stopAt = (cell) => all.forEach((one) => (one.tabIndex = one === cell ? 0 : -1));
  const chosen = all.find((one) => one.ariaCurrent);
  stopAt(chosen ?? all[0]);
  table.addEventListener("focusin", ({ target }) => all.includes(target) && stopAt(target));
  table.addEventListener("keydown", (event) => {
    const row = rows.findIndex((cells) => cells.includes(event.target));
    if (row < 0 || event.altKey || event.metaKey) return;
    const there = next(rows, row, rows[row].indexOf(event.target), event);
    if (!there) return;
    event.preventDefault();
    there.focus();
  });
  // From what a mark rests on, Escape leads back to the mark.
  addEventListener("keydown", (event) => event.key === "Escape" && chosen?.focus());
}

document.querySelectorAll("table[data-grid]:has(a.c)").forEach(walkTheGrid);
