// Hide this: the page is gone at once, from the screen, from Back and from the server.
import { answered, keepTrying, reached } from "./pupil.js";

const place = document.querySelector("[data-away]");
const NEAR = 1500; // milliseconds between presses of Shift that belong together
let presses = 0;
let last = 0;
let hidden = false;

/** Wipe what was typed, clear the screen, and leave for another page as soon as there is a way. */
export function hide() {
  if (hidden) return;
  hidden = true;
  window.stop(); // What was on its way would come up again.
  const body = place.matches("form") && new URLSearchParams(new FormData(place));
  for (const box of document.querySelectorAll("textarea, input")) {
    box.value = "";
    box.checked = false;
  }
  document.body.textContent = "";
  document.title = "Catkin";
  history.replaceState(null, "", place.dataset.away);
  leave(body);
  window.speechSynthesis?.cancel();
}

/** Until the server knows that all is to go there too, this screen stays, and says nothing of it. */
async function leave(body) {
  if (body) body.set("hide", "yes");
  const how = { method: "POST", body, keepalive: true, redirect: "manual" };
  await keepTrying(() => (body ? answered(place.action, how) : reached()), sayNothing);
  location.replace(place.dataset.away);
}

function sayNothing() {
  const [main, heading, line] = ["main", "h1", "p"].map((name) => document.createElement(name));
  heading.textContent = "Catkin";
  line.textContent = "No connection. Please wait.";
  main.append(heading, line);
  document.body.textContent = "";
  document.body.append(main);
}

function countShift(event) {
  if (event.repeat) return;
  const near = event.timeStamp - last < NEAR;
  presses = event.key !== "Shift" ? 0 : near ? presses + 1 : 1;
  last = event.timeStamp;
  if (presses === 3) hide();
}

place.querySelector(".hide").addEventListener("click", (event) => {
  hide();
  event.preventDefault(); // Last: what could go wrong here must not take the form's own way away.
});
addEventListener("keydown", countShift);
