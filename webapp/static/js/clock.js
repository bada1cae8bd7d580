// The one clock. Every screen counts from the server's moments by the server's time: its offset to this machine's running
// count (not to its wall clock, which may be wrong or jump) is taken from the quickest of several round trips.
import { chime } from "./chime.js";
import { within } from "./within.js";

const TRIPS = 8, AGAIN = 60_000, PATIENCE = 8000;
let offset = null, spread = Infinity, east = -new Date().getTimezoneOffset();

/** Milliseconds of the server's clock now; this machine's own until the server has answered once. */
export const serverNow = () => offset === null ? Date.now() : performance.now() + offset;
/** How far off serverNow may be at most: half of the best round trip. */
export const uncertainty = () => spread;

/** One round trip: the offset it says and the time it took. */
export function judged(sent, received, server) {
  return { offset: server + (received - sent) / 2 - received, delay: received - sent };
}
/** Of several round trips the quickest is the truest: queues only ever add to a delay. */
export const best = (trips) => trips.reduce((a, b) => (b.delay < a.delay ? b : a));

async function trip() {
  const sent = performance.now();
  const answer = await fetch("/live/now", { cache: "no-store", signal: within(PATIENCE) });
  const received = performance.now();
  const told = await answer.json();
  if (!Number.isFinite(told.now)) throw new Error("no answer of ours");
  east = told.east;
  return judged(sent, received, told.now);
}

/** Measure anew; without a network the last offset stands, and the clock goes on. */
export async function synchronise() {
  const trips = [];
  for (let n = 0; n < TRIPS; n += 1) {
    try { trips.push(await trip()); } catch { break; }
  }
  if (!trips.length) return false;
  const found = best(trips);
  offset = found.offset; spread = found.delay / 2;
  return true;
}

/** What a clock shows at a moment: seconds left (rounded up, so 5:00 stands for the first second), its state. */
export function reading({ phase, began, limit, warn, stood, standing }, now) {
  const left = limit - ((standing ?? now) - began - stood);
  const seconds = Math.ceil(left / 1000), size = Math.abs(seconds);
  const state = standing ? "standing" : left <= 0 ? "over" : left <= Math.max(warn, 0) ? "soon" : "running";
  const text = `${seconds < 0 ? "+" : ""}${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
  return { phase, left, text, state, share: Math.max(0, Math.min(1, left / limit)) };
}

function draw(ring, now) {
  const document_ = ring.dataset.clock && JSON.parse(ring.dataset.clock);
  if (!document_?.phase) return Infinity;
  const seen = reading(document_, now), words = ring.dataset;
  const word = seen.state === "running" ? words[seen.phase] : `${words[seen.phase]} · ${words[seen.state]}`;
  const time = ring.querySelector(".time"), told = ring.querySelector(".word");
  if (time.textContent !== seen.text) time.textContent = seen.text;
  if (told.textContent !== word) told.textContent = word;
  ring.querySelector(".rest")?.setAttribute("stroke-dasharray", `${(seen.share * 100).toFixed(2)} 100`);
  const before = words.state, same = words.of === `${seen.phase} ${document_.began}`;
  if (same && before !== seen.state && (seen.state === "soon" || seen.state === "over") && before !== "standing") chime(seen.state === "over" ? 2 : 1);
  words.state = seen.state; words.of = `${seen.phase} ${document_.began}`;
  return document_.standing ? Infinity : ((seen.left % 1000) + 1000) % 1000 || 1000;
}

let timer = 0;
/** Draw every clock of the page now, and again when the next second begins: so all screens turn at the same moment. */
export function tick() {
  clearTimeout(timer);
  const now = serverNow();
  let wait = 1000;
  for (const ring of document.querySelectorAll("[data-clock]")) wait = Math.min(wait, draw(ring, now));
  for (const wall of document.querySelectorAll("[data-wall]")) {
    const text = new Date(now + east * 60_000).toISOString().slice(11, 16);
    if (wall.textContent !== text) wall.textContent = text;
  }
  timer = setTimeout(tick, wait + 5);
}

if (globalThis.document?.querySelector("[data-live], [data-clock]")) {
  tick();
  const again = () => synchronise().then(tick);
  again();
  setInterval(again, AGAIN);
  for (const name of ["online", "pageshow"]) window.addEventListener(name, again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  document.addEventListener("rostrum:fresh", tick);
}
