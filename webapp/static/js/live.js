// Keeps the live part of a page as the server has it: by a stream where there is a seat, else by asking every few seconds.
// A public screen is sent its content (data-from); any other page is told that something changed and reads itself anew.
import { chime } from "./chime.js";

const POLL = 1500, TRY = 60_000;
const place = () => document.querySelector("[data-live]");
const from = place()?.dataset.from, signal = place()?.dataset.changes;
let etag = null, stream = null, asking = 0, last = Date.now();

function state(name) {
  for (const sign of document.querySelectorAll("[data-link]")) { sign.dataset.state = name; sign.textContent = sign.dataset[name] ?? ""; }
}

const fields = () => [...place().querySelectorAll("input:not([type=hidden]), select, textarea")];
const before = (field) => field.matches("select") ? ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value : field.defaultValue;
// Which field it is: every row of a list has a form of the same address, so whom it is for counts, too.
const whose = (form) => [...form?.querySelectorAll("input[type=hidden]") ?? []].filter((one) => one.name !== "csrf_token" && one.name !== "seen").map((one) => one.value);
const key = (field) => [field.form?.getAttribute("action"), ...whose(field.form), field.name].join(" ");

// A choice that is there no more is no other one: the list stands empty and nothing can be sent for the wrong person.
function fill(field, value) { field.value = value; if (field.matches("select") && field.value !== value) field.selectedIndex = -1; }

/** Put fresh content in place; who was called anew is chimed for. What was typed or chosen and not sent stays. */
export function put(html) {
  const live = place();
  const typed = new Map(fields().filter((one) => one.value !== before(one)).map((one) => [key(one), one.value]));
  const called = new Set([...live.querySelectorAll("[data-called]")].map((cell) => cell.dataset.called));
  const open = [...live.querySelectorAll("details[open]")].map((one) => one.dataset.key), focus = document.activeElement?.id;
  live.innerHTML = html;
  for (const one of fields()) if (typed.has(key(one))) fill(one, typed.get(key(one)));
  for (const one of live.querySelectorAll("details")) if (open.includes(one.dataset.key)) one.open = true;
  if (focus && live.contains(document.getElementById(focus))) document.getElementById(focus).focus();
  const fresh = [...live.querySelectorAll("[data-called]")].filter((cell) => !called.has(cell.dataset.called));
  for (const cell of fresh) cell.classList.add("fresh");
  if (fresh.length) chime();
  document.dispatchEvent(new CustomEvent("rostrum:fresh"));
}

let turn = 0;  // what was asked for before a step, or before another asking, is older than what stands there

/** The live part of a whole page. */
export function putPage(text) {
  turn += 1;
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]");
  if (fresh && place() && fresh.innerHTML !== place().innerHTML) put(fresh.innerHTML);
  return fresh !== null;
}

const typing = () => place()?.contains(document.activeElement) && document.activeElement.matches("input:not([type=hidden]), textarea, select") && document.activeElement.value;

/** Read the page anew; never while somebody types in it or while steps wait for the network. */
export async function reread() {
  if (typing() || document.body.dataset.hold) { clearTimeout(asking); asking = setTimeout(() => reread().catch(() => {}), POLL); return; }
  const mine = turn += 1;
  const answer = await fetch(window.location.href, { headers: { "X-Rostrum-Poll": "1" } });
  const text = answer.ok && !answer.redirected ? await answer.text() : "";
  if (mine !== turn || document.body.dataset.hold || !text) return;
  if (typing()) await reread(); else putPage(text);
}

async function ask() {
  const headers = { "X-Rostrum-Poll": "1", Accept: "text/html" };
  if (etag) headers["If-None-Match"] = etag;
  const answer = await fetch(from ?? signal, { headers, cache: "no-store" });
  if (answer.status === 200) {
    etag = answer.headers.get("ETag");
    const text = await answer.text();
    if (from) put(text); else await reread();
  }
  if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
}

function poll() {
  clearTimeout(asking);
  ask().then(() => state("poll"), () => state("off")).finally(() => { if (!stream) asking = setTimeout(poll, POLL + Math.random() * 200); });
}

function listen() {
  stream?.close();
  stream = new EventSource(from ?? signal);
  stream.onopen = () => { state("on"); clearTimeout(asking); last = Date.now(); };
  stream.onmessage = (event) => { last = Date.now(); if (from) put(event.data); else reread().catch(() => {}); };
  stream.onerror = () => {
    state("off");
    if (stream.readyState !== EventSource.CLOSED) return;  // it tries again by itself
    stream = null; poll(); setTimeout(listen, TRY);
  };
}

if (from || signal) {
  listen();
  const every = Number(place().dataset.every ?? 0);  // what changes without an act: a tablet's silence, the minutes behind
  if (every) setInterval(() => { if (!document.hidden) reread().catch(() => {}); }, every * 1000);
  setInterval(() => { if (stream && Date.now() - last > 180_000) listen(); }, 30_000);
} else if (place()) {
  setInterval(() => { if (!document.hidden) reread().catch(() => {}); }, Number(document.body.dataset.every ?? 3) * 1000);
}
