// Hide this: the page is gone at once, from the screen, from Back and from the server.
const place = document.querySelector("[data-away]");
const NEAR = 1500; // milliseconds between presses of Shift that belong together
let presses = 0;
let last = 0;

/** Wipe what was typed, tell the server, clear the screen, and put another page in this one's place. */
export function hide() {
  if (place.matches("form")) {
    const body = new URLSearchParams(new FormData(place));
    body.set("hide", "yes");
    // As well as it can: what is on this screen goes in any case.
    fetch(place.action, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {});
  }
  for (const box of document.querySelectorAll("textarea, input")) {
    box.value = "";
    box.checked = false;
  }
  document.body.textContent = "";
  document.title = "Catkin";
  location.replace(place.dataset.away);
  window.speechSynthesis?.cancel();
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
