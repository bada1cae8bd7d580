// What was typed and not saved is not lost by a wrong touch: leaving the page asks first. For forms marked data-unsaved.
import { within } from "./within.js";

const left = new Set();
document.addEventListener("input", (event) => { const form = event.target.closest?.("form[data-unsaved]"); if (form) left.add(form); });

// Sent into a network that is away, a form's page is gone and what was typed with it. So it is asked first whether the server is there.
const { away } = document.querySelector("script[data-away]").dataset, PATIENCE = 6000;
async function reached() {
  try { return Number.isFinite((await (await fetch("/live/now", { cache: "no-store", signal: within(PATIENCE) })).json()).now); } catch { return false; }
}
function say(form, text) {
  const said = form.querySelector(".away") ?? form.appendChild(Object.assign(document.createElement("p"), { className: "alert error away" }));
  said.setAttribute("role", "alert");
  said.textContent = text; said.hidden = !text;
}
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-unsaved]") || form.dataset.reached) { left.delete(form); return; }
  event.preventDefault();
  if (form.dataset.asking) return;
  form.dataset.asking = "1";
  const there = await reached();
  delete form.dataset.asking;
  say(form, there ? "" : away);
  if (there) { form.dataset.reached = "1"; form.requestSubmit(event.submitter); }
});
window.addEventListener("beforeunload", (event) => { if (left.size) event.preventDefault(); });
// Sent back with what was typed (a sentence says why): it is still not saved.
for (const form of document.querySelectorAll("form[data-unsaved=typed]")) left.add(form);
