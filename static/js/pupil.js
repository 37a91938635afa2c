// What only improves a page: nothing is kept on the device, and every page works without any of it.
const find = (what) => document.querySelector(what);
const region = document.createElement("div");
const MINUTE = 60_000;
const SLOW = 4000; // milliseconds after which a child is told, and after which it is tried again
const PATIENCE = 20_000; // how long one answer may take
const GOES = 15_000; // how long a form may be on its way before another press sends it again
const GONE = "No connection. Tell a grown-up in the room.";
const KEPT = "Not sent yet. Your words are safe here. Tell a grown-up in the room.";
const WAIT = "Wait. Your words are not sent yet.";
const GOING = "Wait. Your words are on their way.";
let held = null; // the form that waits, with the button that was pressed

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

/** Whether the server answers; what it says of faults of its own is no answer. */
export async function answered(address, how) {
  if (!navigator.onLine) return false;
  const patience = new AbortController();
  const limit = setTimeout(() => patience.abort(), PATIENCE);
  try {
    return (await fetch(address, { ...how, signal: patience.signal })).status < 500;
  } catch {
    return false;
  } finally {
    clearTimeout(limit);
  }
}

/** Whether the server is there, by a small file of ours that changes nothing for anybody. */
export const reached = () => answered(import.meta.url, { method: "HEAD", cache: "no-store" });

/** Do it until it is done, at once when the connection is back; `late` when it takes long. */
export async function keepTrying(attempt, late) {
  for (;;) {
    const slow = setTimeout(late, SLOW);
    const done = await attempt();
    clearTimeout(slow);
    if (done) return;
    late();
    await new Promise((wake) => {
      setTimeout(wake, SLOW);
      addEventListener("online", wake, { once: true });
    });
  }
}

const holdsWords = (form) => form.id === "telling" || Boolean(form.querySelector("textarea"));
const wordsWait = () => Boolean(held && holdsWords(held.form));
const lost = () => say(wordsWait() ? KEPT : GONE);

/** Send a form as its button would have. */
function post(form, button) {
  const pressed = document.createElement("input");
  Object.assign(pressed, { type: "hidden", name: button?.name ?? "", value: button?.value ?? "" });
  form.append(pressed);
  form.submit();
  pressed.remove();
}

/** Keep a form, with all that is in it, until the server is there; then it goes, once. */
async function hold(form, button) {
  const mine = { form, button };
  const mineStill = () => held === mine && form.isConnected;
  held = mine;
  await keepTrying(async () => !mineStill() || (await reached()), () => mineStill() && lost());
  if (!mineStill()) return;
  [GONE, KEPT, WAIT].forEach(unsay);
  mine.going = true;
  post(form, mine.button);
  setTimeout(() => {
    if (!mineStill()) return;
    held = null;
    unsay(GOING);
    if (mine.again) hold(form, mine.again.button);
  }, GOES);
}

/** While words wait nothing takes their place: another press on their form counts, no other form does. */
function pressedWhileWordsWait(form, button) {
  if (held.going || held.form !== form) say(held.going ? GOING : WAIT);
  if (held.form !== form) return;
  if (held.going) held.again = { button };
  else if (held.button?.name !== "send") held.button = button;
}

function mindForms() {
  let pressed = null;
  addEventListener(
    "click",
    (event) => {
      pressed = event.target.closest("button");
      const link = event.target.closest("a[href]");
      if (!link || !wordsWait() || link.matches(".hide, [href^='#']")) return;
      event.preventDefault();
      say(held.going ? GOING : WAIT);
    },
    true,
  );
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.matches("[data-away]")) return;
    const button = event.submitter ?? (pressed?.form === form ? pressed : null);
    if (navigator.onLine && !wordsWait() && !holdsWords(form)) return;
    event.preventDefault();
    if (wordsWait()) pressedWhileWordsWait(form, button);
    else hold(form, button);
  });
}

/** Words wait on the page while there is no connection, or no server; nothing is sent into the void. */
function mindTheConnection() {
  if (!navigator.onLine) lost();
  addEventListener("offline", lost);
  addEventListener("online", () => unsay(GONE));
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    held = null;
    [KEPT, WAIT, GOING].forEach(unsay);
  });
  mindForms();
}

/** A minute before the sign-in ends the page asks; then it leaves, unless words were typed into it. */
function askWhoIsThere({ still, warns }) {
  const words = "Still there?";
  let seen = Date.now();
  let typed = 0;
  const here = () => fetch(still).then(() => (seen = Date.now())).catch(() => {});
  addEventListener("input", () => (typed = Date.now()));
  const clock = setInterval(() => {
    if (!region.isConnected) return clearInterval(clock); // The page was hidden.
    const quiet = Date.now() - seen - warns * 1000;
    if (quiet < 0) return;
    if (quiet >= MINUTE) {
      unsay(words);
      clearInterval(clock);
      if (!typed && !held) location.replace(still.split("?")[0]);
      else dispatchEvent(new Event("left"));
      return;
    }
    if (Date.now() - typed < MINUTE) here();
    else say(words, "I am here", here);
  }, 5000);
}

/** Whoever opens a card of a pretend app comes to its first button. */
function goIntoCard({ target }) {
  if (target.open && document.activeElement === target.firstElementChild)
    target.querySelector("summary + div button")?.focus();
}

/** Escape closes the word or card that is open, and the focus goes back to it. */
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
  if (spoken && button.hidden) import("./listen.js").then(({ offer }) => offer());
}

/** Drawing is fetched only when it is wanted, or there already. */
function offerToDraw(button) {
  const turn = () => import("./draw.js").then(({ turn }) => turn(button));
  button.hidden = false;
  button.addEventListener("click", turn);
  if (find("[name=drawing]").value) turn();
}

makeRoomToSay();
mindTheConnection();
addEventListener("keydown", closeOnEscape);
addEventListener("toggle", goIntoCard, true);
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
