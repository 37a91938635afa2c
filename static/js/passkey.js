// A passkey: the browser asks the device for what the page holds, and its answer goes with the form.
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature"];

/** Bytes from the letters in which they came. */
function bytes(letters) {
  const plain = atob(letters.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function letters(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const withBytes = (one) => one && { ...one, id: bytes(one.id) };

/** What the page asks for, as the browser takes it. */
function asked(form) {
  const options = JSON.parse(form.dataset.passkey);
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: withBytes(options.user),
    allowCredentials: options.allowCredentials?.map(withBytes),
    excludeCredentials: options.excludeCredentials?.map(withBytes),
  };
}

/** What the device said, as the page sends it. */
function answered({ id, rawId, type, response }) {
  const said = PARTS.filter((part) => response[part]).map((part) => [part, letters(response[part])]);
  return JSON.stringify({ id, rawId: letters(rawId), type, response: Object.fromEntries(said) });
}

/** Which sentence of the page stands there; none at first. */
function say(form, why) {
  for (const one of form.querySelectorAll("[data-why]")) one.hidden = one.dataset.why !== why;
}

async function ask(event) {
  const { currentTarget: form } = event;
  const { name, answer } = form.elements;
  if (name && !name.value.trim()) return; // The page that comes says what is missing.
  event.preventDefault();
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  say(form, "");
  try {
    const publicKey = asked(form);
    const how = publicKey.user ? "create" : "get";
    answer.value = answered(await navigator.credentials[how]({ publicKey }));
    form.submit();
  } catch (reason) {
    say(form, reason.name === "InvalidStateError" ? "known" : "failed");
    form.ariaBusy = null;
  }
}

if (window.PublicKeyCredential)
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    for (const other of document.querySelectorAll("[data-no-passkey]")) other.hidden = true;
    form.addEventListener("submit", ask);
  }
