// A secret made on this page and its commitment; the secret has no name in the form and never leaves the page.
import { sha256 } from "./sha256.js";

const box = document.querySelector("[data-secret]"), commitment = document.getElementById("commitment");
const letters = "abcdefghjkmnpqrstuvwxyz23456789";
if (box) {
  const numbers = crypto.getRandomValues(new Uint8Array(200)).filter((n) => n < letters.length * 8); // each letter alike
  box.value = [...numbers.slice(0, 24)].map((n) => letters[n % letters.length]).join("");
  const show = () => { commitment.value = box.value.trim() ? sha256(box.value.trim()) : ""; };
  box.addEventListener("input", show);
  show();
}
