// Shows mm:ss left of each running phase: the server's moment of its start, corrected by the server's clock.
const offsets = new WeakMap();

function tick() {
  for (const element of document.querySelectorAll(".timer")) {
    const { start, now, minutes, warn } = element.dataset;
    if (!offsets.has(element)) offsets.set(element, Date.parse(now) - Date.now());
    const passed = Math.floor((Date.now() + offsets.get(element) - Date.parse(start)) / 1000);
    const left = Number(minutes) * 60 - passed, size = Math.abs(left);
    element.textContent = `${left < 0 ? "+" : ""}${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
    element.classList.toggle("soon", left >= 0 && left <= Number(warn));
    element.classList.toggle("late", left < 0);
  }
}
tick();
setInterval(tick, 250);
