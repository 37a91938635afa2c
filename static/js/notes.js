// My notes hides after a minute in which nothing was done; moving, scrolling and Listen count.
import { hide } from "./hide.js";
import { say, unsay } from "./pupil.js";

const WORDS = "Your notes will hide soon.";
const LEFT = 20_000; // milliseconds to answer the warning: no fewer may be (WCAG 2.2.1)
const TOUCH = 15_000; // how often the server hears that somebody reads
const warns = document.querySelector("[data-notes]").dataset.notes * 1000;
let active = Date.now();
let touched = active;
let warned = false;

/** Somebody is reading: the minute begins again, here and on the server. */
function read() {
  active = Date.now();
  warned = false;
  unsay(WORDS);
  if (active - touched < TOUCH) return;
  touched = active;
  fetch(location.pathname).catch(() => {});
}

/** Once the warning stands there, only its button takes it away: it must not go from under a hand. */
function noticed() {
  if (!warned) read();
}

function look() {
  if (window.speechSynthesis?.speaking) read();
  const quiet = Date.now() - active;
  if (quiet >= warns + LEFT) return hide();
  if (quiet < warns) return;
  warned = true;
  say(WORDS, "Keep reading", read);
}

/** The page has its own way of hiding without scripts; here it would not see who is reading. */
function stopHidingByItself() {
  document.querySelector("meta[http-equiv=refresh]")?.remove();
  window.stop();
}

if (document.readyState === "complete") stopHidingByItself();
else addEventListener("load", stopHidingByItself);
for (const sign of ["pointerdown", "pointermove", "keydown", "wheel", "scroll"]) {
  addEventListener(sign, noticed, { capture: true, passive: true });
}
setInterval(look, 1000);
