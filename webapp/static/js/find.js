// Finds a row as one types: name, code, number, initials. What is typed stays in the page: no name goes into an address.
const box = document.querySelector("[data-find-in]");

function sift() {
  const wanted = box.value.trim().toLowerCase();
  for (const row of document.querySelectorAll(`${box.dataset.findIn} [data-find]`)) {
    const words = row.dataset.find.split(" ");
    row.hidden = Boolean(wanted) && !words.some((word) => (/^\d+$/.test(wanted) && word.length < 4 ? word === wanted : word.includes(wanted)));
  }
}
box?.addEventListener("input", sift);
document.addEventListener("rostrum:fresh", sift);
// Escape clears; Enter signs in the only one found.
box?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { box.value = ""; sift(); }
  if (event.key !== "Enter") return;
  const left = [...document.querySelectorAll(`${box.dataset.findIn} tr[data-find]:not([hidden])`)];
  if (left.length === 1) left[0].querySelector(".button.primary, input.count")?.focus();
});
