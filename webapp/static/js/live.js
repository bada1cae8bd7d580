// Reads the page anew every few seconds and puts its live part in place; never while someone types in it.
const every = Number(document.body.dataset.every ?? 3) * 1000;

async function refresh() {
  const live = document.querySelector("[data-live]");
  if (!live || document.hidden || live.contains(document.activeElement) && document.activeElement.matches("input, select")) return;
  const answer = await fetch(window.location.href, { headers: { "X-Rostrum-Poll": "1" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
  if (fresh && fresh.textContent !== live.textContent) live.replaceWith(fresh);
}
setInterval(() => refresh().catch(() => {}), every);
