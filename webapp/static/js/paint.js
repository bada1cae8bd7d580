// Half-days painted like a calendar: press and drag with mouse or finger, or arrows, Space and Shift. Boxes stay boxes.
for (const grid of document.querySelectorAll("[data-painter]")) {
  const boxes = [...grid.querySelectorAll("input")].filter((box) => !box.disabled);
  const cells = [...grid.tBodies[0].rows].map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector("input")));
  let brush = null;
  const paint = (box, on) => { if (box && !box.disabled && box.checked !== on) { box.checked = on; box.dispatchEvent(new Event("change", { bubbles: true })); } };
  const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-painter] td")?.querySelector("input");

  grid.addEventListener("pointerdown", (event) => {
    const box = event.target.closest("td")?.querySelector("input");
    if (!box || box.disabled || event.button !== 0) return;
    event.preventDefault();
    if (event.target.hasPointerCapture?.(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
    brush = !box.checked; paint(box, brush); box.focus({ preventScroll: true });
  });
  grid.addEventListener("click", (event) => { if (event.detail > 0 && event.target.closest("td label")) event.preventDefault(); }); // the press has painted it
  document.addEventListener("pointermove", (event) => { if (brush !== null) paint(under(event), brush); });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { brush = null; });

  grid.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const row = cells.findIndex((line) => line.includes(event.target));
    if (!step || row < 0) return;
    event.preventDefault();
    const next = cells[row + step[0]]?.[cells[row].indexOf(event.target) + step[1]];
    if (event.shiftKey) paint(next, event.target.checked);
    next?.focus();
  });
  const flip = (some) => { const live = some.filter((box) => box && !box.disabled), on = !live.every((box) => box.checked); for (const box of live) paint(box, on); };
  for (const button of grid.querySelectorAll("[data-day]")) button.addEventListener("click", () => flip(cells.map((line) => line[Number(button.dataset.day)])));
  for (const button of grid.querySelectorAll("[data-part]")) button.addEventListener("click", () => flip(cells[[...grid.tBodies[0].rows].indexOf(button.closest("tr"))]));
  for (const button of document.querySelectorAll("[data-all]")) button.addEventListener("click", () => { for (const box of boxes) paint(box, button.dataset.all === "1"); });
}
