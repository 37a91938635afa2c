// What only improves a page: nothing is kept on the device, and every page works without any of it.
const find = (what) => document.querySelector(what);
const region = document.createElement("div");
const MINUTE = 60_000;

/** Say something politely above the page, with a button where there is something to do. */
export function say(words, label = "", press = () => {}) {
  if (region.dataset.says === words) return;
  const line = document.createElement("p");
  line.textContent = words;
  region.dataset.says = words;
  region.textContent = "";
  region.append(line);
  if (!label) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", () => (unsay(words), press()));
  region.append(button);
}

/** Take these words away again, if they are what is being said. */
export function unsay(words) {
  if (region.dataset.says !== words) return;
  delete region.dataset.says;
  region.textContent = "";
}

function makeRoomToSay() {
  region.className = "said-above";
  // It must stand there empty first: only then is what comes into it read out.
  region.setAttribute("role", "status");
  (find(".hedged") ?? find("main") ?? document.body).prepend(region);
}

/** No connection: a form waits with all that is in it, and goes when the connection is back. */
function mindTheConnection() {
  const gone = "No connection. Tell a grown-up in the room.";
  const kept = "Not sent yet. Your words are safe here. Tell a grown-up in the room.";
  let waiting = null;
  const lost = () => say(waiting ? kept : gone);
  if (!navigator.onLine) lost();
  addEventListener("offline", lost);
  addEventListener("online", () => {
    [gone, kept].forEach(unsay);
    const { form, submitter } = waiting ?? {};
    waiting = null;
    form?.requestSubmit(submitter);
  });
  addEventListener("submit", (event) => {
    if (navigator.onLine || event.defaultPrevented) return;
    event.preventDefault();
    waiting = { form: event.target, submitter: event.submitter };
    lost();
  });
}

/** A minute before the sign-in ends the page asks; then it leaves, unless words were typed into it. */
function askWhoIsThere({ still, warns }) {
  const words = "Still there?";
  let seen = Date.now();
  let typed = 0;
  const here = () => fetch(still).then(() => (seen = Date.now())).catch(() => {});
  addEventListener("input", () => (typed = Date.now()));
  const clock = setInterval(() => {
    const quiet = Date.now() - seen - warns * 1000;
    if (quiet < 0) return;
    if (quiet >= MINUTE) {
      unsay(words);
      clearInterval(clock);
      if (!typed) location.replace(still.split("?")[0]);
      return;
    }
    if (Date.now() - typed < MINUTE) here();
    else say(words, "I am here", here);
  }, 5000);
}

/** Escape closes the word that is being explained, and the focus goes back to it. */
function closeOnEscape(event) {
  const open = event.key === "Escape" && document.activeElement?.closest("details[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
}

/** Listen is offered only where a voice speaks on this device: no word of a page goes elsewhere. */
function offerToListen(button) {
  const spoken = speechSynthesis
    .getVoices()
    .some((voice) => voice.localService === true && voice.lang.startsWith("en"));
  if (spoken && button.hidden) import("./listen.js").then(({ offer }) => offer(button));
}

/** A drawing is fetched for only when it is wanted, or there already. */
function offerToDraw(button) {
  const turn = () => import("./draw.js").then(({ turn }) => turn(button));
  button.hidden = false;
  button.addEventListener("click", turn);
  if (find("[name=drawing]").value) turn();
}

makeRoomToSay();
mindTheConnection();
addEventListener("keydown", closeOnEscape);
const still = find("[data-still]");
if (still && !find("meta[http-equiv=refresh]")) askWhoIsThere(still.dataset);
if (find("[data-away]")) import("./hide.js");
if (find("form.pick")) import("./pictures.js");
if (find("[data-draw]")) offerToDraw(find("[data-draw]"));
if (find("[data-notes]")) import("./notes.js");
const listen = find("[data-listen]");
if (listen && "speechSynthesis" in window) {
  offerToListen(listen);
  speechSynthesis.addEventListener?.("voiceschanged", () => offerToListen(listen));
}
