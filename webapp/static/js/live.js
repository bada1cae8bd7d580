// Keeps the live part of a page as the server has it. A public screen is sent its content (data-from); any other page is told
// that something changed (data-changes) and reads itself anew.
import { chime } from "./chime.js";
import { follow } from "./link.js";
import { within } from "./within.js";

const SOON = 1500, PATIENCE = 15_000;
const place = () => document.querySelector("[data-live]");
const from = place()?.dataset.from, signal = place()?.dataset.changes;
let again = 0;

const fields = () => [...place().querySelectorAll("input:not([type=hidden]), select, textarea")];
const before = (field) => field.matches("select") ? ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value : field.defaultValue;
// Which field it is: every row of a list has a form of the same address, so whom it is for counts, too.
const whose = (form) => [...form?.querySelectorAll("input[type=hidden]") ?? []].filter((one) => one.name !== "csrf_token" && one.name !== "seen").map((one) => one.value);
const key = (field) => [field.form?.getAttribute("action"), ...whose(field.form), field.name].join(" ");

// A choice that is there no more is no other one: the list stands at its empty choice and nothing can be sent for the wrong person.
function fill(field, value) { field.value = value; if (field.matches("select") && field.value !== value) field.value = ""; }

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

// What is pressed is not drawn anew under the finger: the press would fall on nothing.
let down = false;
addEventListener("pointerdown", () => { down = true; }, true);
for (const over of ["pointerup", "pointercancel", "blur"]) addEventListener(over, () => setTimeout(() => { down = false; }), true);
async function lifted() { while (down) await new Promise((done) => { setTimeout(done, 50); }); }

/** The live part of a whole page. */
export async function putPage(text) {
  const mine = turn += 1;
  await lifted();
  if (mine !== turn) return;
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]");
  if (fresh && place() && fresh.innerHTML !== place().innerHTML) put(fresh.innerHTML);
}

const typing = () => place()?.contains(document.activeElement) && document.activeElement.matches("input:not([type=hidden]), textarea, select") && document.activeElement.value;

const held = () => document.body.dataset.hold || document.body.dataset.busy;

/** Read the page anew; never while somebody types in it, while a step is under way or while steps wait for the network. */
export async function reread() {
  clearTimeout(again);
  if (typing() || held()) { again = setTimeout(renew, SOON); return; }
  const mine = turn += 1;
  const answer = await fetch(window.location.href, { headers: { "X-Rostrum-Poll": "1" }, signal: within(PATIENCE) });
  const text = answer.ok && !answer.redirected ? await answer.text() : "";
  if (mine !== turn || held() || !text) return;
  if (typing()) await reread(); else await putPage(text);
}

/** The same, until it succeeds. */
const renew = () => reread().catch(() => { again = setTimeout(renew, SOON); });

const shown = () => { if (!document.hidden) renew(); };
if (from || signal) {
  follow(from ?? signal, from ? put : renew);
  const every = Number(place().dataset.every ?? 0);  // what changes without an act: a tablet's silence, the minutes behind
  if (every) setInterval(shown, every * 1000);
} else if (place()) {
  setInterval(shown, Number(document.body.dataset.every ?? 3) * 1000);
}
