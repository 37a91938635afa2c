// Listen: the page read aloud by a voice of this device, one sentence at a time, marked as it is read.
const BLOCKS = "h1, h2, h3, p, li, legend, blockquote, dt, dd, td, th, label, summary, button";
const CHOICES = "label, button, .bank";
const SKIPPED = "[aria-hidden=true], .vh, .steps, form.hiding, [data-listen], .young .where, .twin";
const main = document.querySelector("main");
const buttons = [...document.querySelectorAll("[data-listen]")];
let unmark = () => {};
let reading = 0; // which pressing of the button is being read; nought while it is quiet

/** A voice of this device, British if there is one; asked each time, for voices come and go. */
function voice() {
  const here = speechSynthesis
    .getVoices()
    .filter((one) => one.localService === true && one.lang.startsWith("en"));
  return here.find((one) => one.lang.replace("_", "-") === "en-GB") ?? here[0];
}

/** What is read, in order: the heading, the running text, then each choice. */
function blocks() {
  const seen = [...main.querySelectorAll(BLOCKS)].filter(
    (one) => one.checkVisibility?.() !== false && !one.closest(SKIPPED) && !one.querySelector(BLOCKS),
  );
  const choice = (one) => (one.closest(CHOICES) ? 1 : 0);
  const head = (one) => (one.matches("h1") ? 0 : 1);
  return seen.sort((a, b) => choice(a) - choice(b) || head(a) - head(b));
}

function textsOf(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("[aria-hidden=true]")) found.push(walker.currentNode);
  }
  return found;
}

/** The sentences of a text: where each begins and ends. */
function sentencesOf(text) {
  const found = window.Intl?.Segmenter
    ? [...new Intl.Segmenter("en-GB", { granularity: "sentence" }).segment(text)]
    : [...text.matchAll(/[^.!?…]+[.!?…]*["”’]*\s*/g)].map((m) => ({ index: m.index, segment: m[0] }));
  return found
    .filter(({ segment }) => /[\p{L}\p{N}]/u.test(segment))
    .map(({ index, segment }) => [index, index + segment.trimEnd().length]);
}

/** Mark the text from one place to another, whatever lies between; afterwards all is as it was. */
function mark(block, from, to) {
  const marks = [];
  let at = 0;
  for (const node of textsOf(block)) {
    const [first, past] = [Math.max(from - at, 0), Math.min(to - at, node.length)];
    at += node.length;
    if (first >= past || !node.data.slice(first, past).trim()) continue;
    const range = document.createRange();
    range.setStart(node, first);
    range.setEnd(node, past);
    const around = document.createElement("mark");
    around.className = "reading";
    range.surroundContents(around);
    marks.push(around);
  }
  marks[0]?.scrollIntoView({ block: "nearest" });
  unmark = () => {
    for (const one of marks) {
      const parent = one.parentNode;
      one.replaceWith(...one.childNodes);
      parent?.normalize();
    }
    unmark = () => {};
  };
}

function speak(text) {
  return new Promise((done) => {
    const said = new SpeechSynthesisUtterance(text.replace(/\s+/g, " "));
    said.voice = voice();
    said.lang = said.voice?.lang ?? "en-GB";
    said.rate = document.documentElement.dataset.band === "5-7" ? 0.8 : 1;
    said.onend = said.onerror = done;
    speechSynthesis.speak(said);
  });
}

async function readAll(mine) {
  for (const block of blocks()) {
    const text = textsOf(block).map((node) => node.data).join("");
    const short = block.querySelector("[data-say]");
    for (const [from, to] of short ? [[0, text.length]] : sentencesOf(text)) {
      mark(block, from, to);
      await speak(short ? text.replace(short.textContent, short.dataset.say) : text.slice(from, to));
      if (reading !== mine) return;
      unmark();
    }
  }
}

const pressed = (so) => buttons.forEach((one) => one.setAttribute("aria-pressed", so));

function quiet() {
  reading = 0;
  speechSynthesis.cancel();
  unmark();
  pressed(false);
}

/** Show the buttons; they are off until one is pressed, and quiet again when the page is left. */
export function offer() {
  if (!buttons[0].hidden) return;
  let turn = 0;
  const read = async () => {
    if (reading) return quiet();
    reading = turn += 1;
    const mine = reading;
    pressed(true);
    await readAll(mine);
    if (reading === mine) quiet();
  };
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", read);
  }
  addEventListener("pagehide", quiet);
}
