// The secret is made here and never sent: the form has its SHA-256 only. Without script the office brings a commitment of its own.
import { sha256 } from "./sha256.js";

const place = document.getElementById("made");
const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"; // none that is mistaken for another on paper

function letter() {
  for (;;) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 256 - 256 % LETTERS.length) return LETTERS[byte % LETTERS.length];
  }
}
function make() {
  const secret = Array.from({ length: 4 }, () => Array.from({ length: 5 }, letter).join("")).join("-");
  document.getElementById("secret-shown").textContent = secret;
  document.getElementById("commitment").value = sha256(secret);
  document.getElementById("kept").checked = false;
}
if (place) {
  place.hidden = false;
  document.getElementById("kept").required = true;
  document.getElementById("again").addEventListener("click", make);
  document.getElementById("commitment").addEventListener("input", () => { // one of the office's own
    place.hidden = true; document.getElementById("kept").required = false;
  });
  make();
}
