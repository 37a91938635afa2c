// The host's pages: the counts as they grow, a press of another host, and the keys of the board.
const stands = document.querySelector("[data-state]");
const EVERY = 2000;

function count(name, number) {
  for (const place of document.querySelectorAll(`[data-${name}]`))
    if (place.textContent !== String(number)) place.textContent = number;
}

async function look() {
  try {
    const answer = await fetch(stands.dataset.state);
    const now = await answer.json();
    if (now.state !== stands.dataset.is || now.question !== Number(stands.dataset.question))
      return location.reload();
    count("answered", now.answered);
    count("phones", now.phones);
    const plural = document.querySelector("[data-plural]");
    if (plural) plural.textContent = now.phones === 1 ? "phone is" : "phones are";
  } catch {
    // No connection just now: the next look may have one.
  }
  setTimeout(look, EVERY);
}

/** A button says in aria-keyshortcuts which keys press it; what has the focus keeps its own keys. */
function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const dark = document.querySelector(".dark");
  const key = event.key === " " ? "Space" : event.key;
  const own = ["Space", "Enter"].includes(key) && event.target.closest("a, button, summary");
  if (own || (dark && !dark.hidden)) return;
  const button = document.querySelector(`button[aria-keyshortcuts~="${CSS.escape(key)}"]:not(.dark)`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

addEventListener("keydown", press);
// Back brings up a page as it was: the workshop may be further on.
addEventListener("pageshow", (event) => event.persisted && location.reload());
setTimeout(look, EVERY);
