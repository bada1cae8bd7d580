// Shows mm:ss left of each running phase, from the server's moment of its start.
function tick() {
  for (const element of document.querySelectorAll(".timer")) {
    const left = Number(element.dataset.minutes) * 60 - Math.floor((Date.now() - Date.parse(element.dataset.start)) / 1000);
    const size = Math.abs(left);
    element.textContent = `${left < 0 ? "+" : ""}${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
    element.classList.toggle("late", left < 0);
  }
}
tick();
setInterval(tick, 500);
