// A line above every page of the office while a sheet has two versions nobody has decided on.
import { within } from "./within.js";

const PATIENCE = 8000;
const line = document.getElementById("two-versions");

async function ask() {
  const address = line.dataset.ask + location.search.replace(/^\?(?:.*&)?(round=\d+).*$|^.*$/, (_, round) => (round ? `?${round}` : ""));
  const answer = await fetch(address, { headers: { Accept: "application/json", "X-Rostrum-Poll": "1" }, signal: within(PATIENCE) }).catch(() => null);
  if (!answer?.ok || !/json/.test(answer.headers.get("Content-Type") ?? "")) return;
  const { n } = await answer.json(), text = line.dataset.words.replace("#", n), link = line.firstElementChild;
  if (link.textContent !== text) link.textContent = text;
  line.hidden = n === 0;
}

async function watch() {
  if (!document.hidden) await ask().catch(() => {});  // a network that falls silent in the middle is asked again
  setTimeout(watch, Number(line.dataset.every));
}
watch();
