// What was typed and not saved is not lost by a wrong touch: leaving the page asks first. For forms marked data-unsaved.
const left = new Set();
document.addEventListener("input", (event) => { const form = event.target.closest?.("form[data-unsaved]"); if (form) left.add(form); });
document.addEventListener("submit", (event) => { left.delete(event.target); });
window.addEventListener("beforeunload", (event) => { if (left.size) event.preventDefault(); });
// Sent back with what was typed (a sentence says why): it is still not saved.
for (const form of document.querySelectorAll("form[data-unsaved=typed]")) left.add(form);
