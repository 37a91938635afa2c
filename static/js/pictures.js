// The three pictures on one page: each is seen for a second, then a leaf hides it; the third sends.
const SEEN_FOR = 1000;
const form = document.querySelector("form.pick");
const slots = [...document.querySelectorAll(".slots .slot:not(.hid)")];
const told = document.createElement("p");
const picked = [];

function leaf() {
  const drawing = form.querySelector("svg").cloneNode(true);
  const use = drawing.firstElementChild;
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#i-leaf"));
  drawing.setAttribute("class", "i");
  return drawing;
}

function put(slot, drawing) {
  slot.textContent = "";
  slot.append(drawing);
}

function show(slot, button) {
  slot.parentElement.classList.remove("again");
  slot.classList.add("shown");
  put(slot, button.querySelector("svg").cloneNode(true));
  setTimeout(() => {
    slot.classList.replace("shown", "hid");
    put(slot, leaf());
  }, SEEN_FOR);
}

function send() {
  for (const value of picked) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "picture", value });
    form.append(field);
  }
  form.submit();
}

form.addEventListener("submit", (event) => {
  // A browser that does not say what was pressed sends one picture at a time, as without scripts.
  if (!navigator.onLine || !event.submitter) return;
  event.preventDefault();
  if (picked.length === slots.length) return;
  picked.push(event.submitter.value);
  show(slots[picked.length - 1], event.submitter);
  told.textContent = `${3 - slots.length + picked.length} of 3`;
  if (picked.length === slots.length) setTimeout(send, SEEN_FOR / 4);
});

told.className = "vh";
told.setAttribute("role", "status");
form.before(told);
// A page that Back brings up again would still hold what was tapped.
addEventListener("pageshow", (event) => event.persisted && location.reload());
