// A phone in a workshop: it looks every two seconds where the hall is, and sends a choice as it is made.
const stands = document.querySelector("[data-state]");
const form = document.querySelector("form[data-vote]");
const says = document.querySelector("[data-says]");
const button = form?.querySelector("[data-send]");
const EVERY = 2000;

/** Words that the page holds ready. */
function say(which) {
  says.replaceChildren(document.querySelector(`template[data-${which}]`).content.cloneNode(true));
}

async function send(event) {
  event?.preventDefault();
  if (!form.querySelector(":checked")) return;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { Accept: "application/json" },
    });
    const { sent } = await answer.json();
    if (!sent) return location.reload(); // The answer is shown, or the hall is further on.
    say("sent");
    button.hidden = true;
  } catch {
    say("unsent");
    button.hidden = false;
  }
}

function count(name, number) {
  for (const place of document.querySelectorAll(`[data-${name}]`))
    if (place.textContent !== String(number)) place.textContent = number;
}

async function look() {
  try {
    const now = await (await fetch(stands.dataset.state)).json();
    if (now.state !== stands.dataset.is || now.question !== Number(stands.dataset.question))
      return location.replace(stands.dataset.page);
    count("answered", now.answered);
    count("phones", now.phones);
    const plural = document.querySelector("[data-plural]");
    if (plural) plural.textContent = now.phones === 1 ? "phone is" : "phones are";
  } catch {
    // No connection just now: the next look may have one.
  }
  setTimeout(look, EVERY);
}

if (form && button) {
  button.hidden = true;
  form.addEventListener("change", send);
  form.addEventListener("submit", send);
}
// Not all phones of a hall in the same moment.
if (stands) setTimeout(look, EVERY * (0.5 + Math.random() / 2));
