// The keys of the board: a link says which keys follow it; B blanks the screen, and brings it back.
import "./staff.js";

const screen = document.querySelector(".screen");
const dark = document.querySelector(".dark");
const blank = document.querySelector("[data-blank]");
let left = null; // where the focus was

/** Dark, or as it was before. */
function turn() {
  const away = dark.hidden;
  if (away) left = document.activeElement;
  dark.hidden = !away;
  screen.inert = away;
  (away ? dark : left)?.focus();
}

function follow(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const open = event.key === "Escape" && document.activeElement.closest("details[open]");
  if (open) return; // It closes what is being explained.
  const back = !dark.hidden;
  if (event.key.toLowerCase() === "b" || (back && event.key === "Escape")) return turn();
  const link = document.querySelector(`a[aria-keyshortcuts~="${CSS.escape(event.key)}"]`);
  if (back || !link) return;
  event.preventDefault();
  link.click();
}

// First of all that hear a key: Escape must find the word still open that it is to close.
addEventListener("keydown", follow, { capture: true });
dark.addEventListener("click", turn);
blank.addEventListener("click", turn);
blank.hidden = false;
