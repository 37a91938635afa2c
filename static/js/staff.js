// What only improves a staff page: names are covered sooner than the server alone could do it.
import "./pupil.js"; // what every page has: no connection, still there?

const cover = document.querySelector("form.covering[action*='/cover']");

/** Nothing about a child stays on the screen while the answer is on its way. */
function blank() {
  for (const shown of document.querySelectorAll("main > :not(form)")) shown.hidden = true;
}

function coverNow() {
  blank();
  cover.submit();
}

if (cover) {
  cover.addEventListener("submit", () => setTimeout(blank));
  // A board or a projector has come: what is on this screen may be on that one too.
  window.screen.addEventListener?.("change", () => screen.isExtended && coverNow());
  // Back may bring up a page from before the names were covered again.
  addEventListener("pageshow", (event) => event.persisted && coverNow());
}
