// The board: choose, drag, carry by keyboard; every move is priced by the server before and judged by it when made.
import { ask, link, page, send } from "./api.js";
import { both, breaks } from "./both.js";
import { draggable } from "./drag.js";
import { finding, forgetPeople } from "./find.js";
import { moves, target, thing } from "./moves.js";
import * as side from "./side.js";
import { element, say } from "./words.js";

const board = document.querySelector(".desk-board"), toast = document.getElementById("toast"), ghost = document.getElementById("ghost");
const THINGS = "[data-applicant], [data-sitting], [data-expert]";
const PENDING = "rostrum:board";
let state, held = null, over = null, chosen = null, carried = null, busy = false, known = { id: null, places: [] };

function read() {
  const { number, revision, day, writes, page: at, direction, room } = document.getElementById("board-state").dataset;
  state = { number: Number(number), revision: Number(revision), day, writes: writes === "1", view: { day, page: at, direction, room } };
}

// ---------------------------------------------------------------- what is shown

// What was done goes after a while; what is being carried stays until it is put down.
function tell(text) {
  toast.textContent = text; toast.hidden = !text;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { toast.hidden = !carried; toast.textContent = carried ? carrying() : ""; }, 6000);
}
const carrying = () => say("carrying", { name: carried.name });

async function refresh() {
  const html = await page({ number: state.number, ...state.view });
  if (html === null) { tell(say("offline")); return; }
  const focus = document.activeElement?.id, places = [...board.querySelectorAll(".board-scroll")].map((part) => part.scrollLeft);
  board.innerHTML = html;
  known = { id: null, places: [] };
  read(); forgetPeople();
  for (const [n, part] of [...board.querySelectorAll(".board-scroll")].entries()) part.scrollLeft = places[n] ?? 0;
  document.getElementById(focus)?.focus({ preventScroll: true });
}

function mark(answer) {
  unmark();
  for (const [n, { at }] of (answer?.places ?? []).entries()) {
    if (!at.session) continue;
    const start = at.start ? `[data-start="${at.start}"]` : "";
    const cell = board.querySelector(at.start ? `td[data-session="${at.session}"][data-room="${at.room}"]${start}` : `[data-column="${at.room}"][data-session="${at.session}"]`);
    if (!cell) continue;
    cell.classList.add("can");
    if (n < 9 && !cell.dataset.rank) cell.dataset.rank = n + 1;
  }
  for (const { at } of answer?.barred ?? []) board.querySelector(`[data-column="${at.room}"][data-session="${at.session}"]`)?.classList.add("cannot");
}
function unmark() {
  for (const cell of board.querySelectorAll(".can, .cannot")) { cell.classList.remove("can", "cannot"); delete cell.dataset.rank; }
}

// ---------------------------------------------------------------- choosing

const question = (what, day) => (what.kind === "applicant" ? { applicant: what.id, day } : what.kind === "sitting" ? { panel: what.panel, session: what.session } : { panel: what.panel, member: what.expert });

async function choose(node, everyDay = false) {
  chosen = thing(node);
  for (const one of board.querySelectorAll("[aria-pressed]")) one.removeAttribute("aria-pressed");
  node.setAttribute("aria-pressed", "true");
  side.choose(chosen.name, facts(chosen), buttons(chosen, node));
  if (chosen.kind === "expert" && !chosen.panel) { side.instead(say(state.writes ? "uncalled-carry" : "uncalled")); return; }
  const mine = chosen, answer = await ask(state.number, "places", question(mine, everyDay ? "" : state.day));
  if (answer === null || chosen !== mine) return;
  const more = mine.kind === "applicant" && !everyDay && board.querySelectorAll(".days a").length > 1 ? button(say("every-day"), "quiet", () => choose(mine.node.isConnected ? mine.node : find(mine), true)) : null;
  known = { id: mine.id, places: answer.places ?? [] };
  side.places(answer, state.writes ? make : () => tell(say("read-only")), more, mine.kind === "expert");
  mark(answer);
}

/** 7月15日 08:30, or 15 July 08:30. */
function spoken(start) {
  const lang = document.documentElement.lang.startsWith("en") ? "en-GB" : "zh-CN";
  return `${new Date(start).toLocaleDateString(lang, { month: "long", day: "numeric" })} ${start.slice(11)}`;
}

function facts(what) {
  const cell = what.node.closest("td"), found = [what.kind === "applicant" ? what.id : what.expert ?? ""];
  if (cell) found.push(say("now", { time: spoken(cell.dataset.start), panel: cell.dataset.panel }));
  const said = [...what.node.querySelectorAll("em")].map((one) => one.textContent);
  return [found.filter(Boolean).join(" · "), ...said].filter(Boolean);
}

function button(text, look, act, pressed) {
  const made = element("button", { type: "button", className: `button ${look}`, textContent: text });
  if (pressed !== undefined) made.setAttribute("aria-pressed", String(pressed));
  made.addEventListener("click", act);
  return made;
}

function buttons(what, node) {
  if (!state.writes) return [];
  const pins = pinsOf(node), found = [];
  found.push(button(say("carry"), "primary", () => carry(what)));
  if (what.kind === "applicant" && what.at?.start) {
    const { session, room, start, panel } = what.at, places = { session, room, start, panel };
    for (const [key, value] of Object.entries(places)) {
      const on = pins.includes(key);
      found.push(button(say(`pin-${key}`), "quiet pin-button", () => make([{ kind: "pin", applicant: what.id, [key]: on ? null : value }]), on));
    }
    found.push(button(say("out"), "quiet", () => make([{ kind: "unschedule", applicant: what.id }])));
  } else if (what.kind === "applicant" && pins.length) {
    found.push(button(say("unpin"), "quiet", () => make([free(what.id, pins)])));
  } else if (what.kind === "expert" && what.panel) {
    const chair = node.dataset.chair !== undefined;
    if (!chair) found.push(button(say("to-chair"), "quiet", () => make([{ kind: "chair", panel: what.panel, chair: what.expert }])));
    for (const as of chair ? ["chair", "member"] : ["member"]) {
      const on = pins.includes(as);
      found.push(button(say(`pin-${as}`), "quiet pin-button", () => make([{ kind: "seat", panel: what.panel, expert: what.expert, as, held: !on }]), on));
    }
  }
  return found;
}
const pinsOf = (node) => (node?.dataset.pins ?? "").split(" ").filter(Boolean);
const free = (applicant, pins) => ({ kind: "pin", applicant, ...Object.fromEntries(pins.map((key) => [key, null])) });

function find(what) {
  const at = { applicant: `[data-applicant="${what.id}"]`, sitting: `[data-sitting="${what.panel}"][data-session="${what.session}"]`, expert: `[data-expert="${what.expert}"][data-panel="${what.panel}"]` };
  return board.querySelector(at[what.kind]) ?? (what.kind === "expert" ? board.querySelector(`[data-expert="${what.expert}"]`) : null);
}

// ---------------------------------------------------------------- the price of a place, and making the change

// The places of what is chosen came with their prices: over one of them nobody has to be asked.
function priced(what, rows) {
  const found = known.id === what.id && rows.length === 1 && known.places.find((place) => place.moves.length === 1 && same(place.moves[0], rows[0]));
  return found ? { broken: [], mended: found.mended, levels: found.levels } : null;
}
const same = (one, other) => Object.keys(one).length === Object.keys(other).length && Object.keys(one).every((key) => one[key] === other[key]);

async function price(what, place) {
  if (place === over) return;
  over?.classList.remove("over", "good", "bad");
  over = place;
  const rows = place && moves(what, place);
  verdict(place ? (rows ? say("asking") : say("not-here")) : "");
  if (!rows) { side.clear(); return; }
  place.classList.add("over");
  const answer = priced(what, rows) ?? await ask(state.number, "price", { moves: JSON.stringify(rows) });
  if (answer === null || over !== place) return;
  side.show(answer.broken || answer.error ? answer : { error: say("offline") }, answer.said);
  const bad = !answer.broken || answer.broken.length > 0;
  place.classList.add(bad ? "bad" : "good");
  verdict(!answer.broken ? answer.error ?? say("offline") : bad ? `✗ ${answer.broken[0]}` : `✓ ${side.levels(answer.levels)}`, bad);
  return answer;
}

function verdict(text, bad) {
  let line = ghost.querySelector("p");
  if (!line) { line = element("p"); ghost.append(line); }
  line.textContent = text; line.className = bad === undefined ? "" : bad ? "bad" : "good";
}

function leave() { over?.classList.remove("over", "good", "bad"); over = null; unmark(); }

async function make(rows, how = {}) {
  if (busy || !rows) return;
  busy = true;
  const answer = await send(state.number, "edits", { seen: state.revision, moves: rows, ...how });
  busy = false;
  await done(answer, rows);
}

async function step(act) {
  if (busy || !state.writes) return;
  busy = true;
  const answer = await send(state.number, act, { seen: state.revision });
  busy = false;
  await done(answer, null);
}

// Whoever works by keyboard goes on where they were: at the button just pressed, at the card in the table.
async function settle(pressed) {
  const again = chosen && find(chosen);
  if (!again) { side.forget(); return; }
  const lost = document.activeElement === document.body || pressed >= 0;
  choose(again);
  if (lost) (pressed >= 0 && side.button(pressed) || again).focus({ preventScroll: true });
}

async function done(answer, rows) {
  if (answer.ok) {
    const pressed = side.pressed();
    if (answer.number !== state.number) { keep({ said: answer.said, chosen: chosen && bare(chosen), pressed }); location.assign(link(answer.number, state.view)); return; }
    await refresh();
    tell(answer.said);
    settle(pressed);
  } else if (answer.status === 422 && answer.broken) {
    const held = ["move", "open", "swap"].includes(rows[0].kind) ? [rows[0].applicant, rows[0].one, rows[0].other].map((who) => [who, pinsOf(document.getElementById(who))]).filter(([, pins]) => pins.length) : [];
    const word = await breaks(answer, held.length > 0);
    if (word === "anyway") await make(rows, { anyway: true });
    if (word === "free") await make([...held.map(([who, pins]) => free(who, pins)), ...rows]);
  } else if (answer.status === 409 && answer.theirs) await meet(answer, rows);
  else if (answer.status === 0 && rows) retry(rows);
  else tell(answer.error ?? say("offline"));
}

// Somebody was quicker. The change is kept whichever way one goes.
async function meet(answer, rows) {
  const word = await both({ ...answer, same: answer.number === state.number }, rows);
  if (word === "apart") { await refresh(); await make(rows, { apart: true }); return; }
  if (word !== "again" && word !== "look") { await refresh(); return; }
  if (answer.number !== state.number) { keep(word === "again" ? { moves: rows } : {}); location.assign(link(answer.number, state.view)); return; }
  await refresh();
  if (word === "again") await make(rows);
}

function retry(rows) {
  side.show({ error: say("offline-kept") });
  document.getElementById("preview").append(button(say("again"), "primary", () => make(rows)));
}

const bare = ({ node, at, ...rest }) => rest;

function keep(what) { try { sessionStorage.setItem(PENDING, JSON.stringify(what)); } catch { /* the address is enough */ } }
async function kept() {
  let what = null;
  try { what = JSON.parse(sessionStorage.getItem(PENDING)); sessionStorage.removeItem(PENDING); } catch { return; }
  if (what?.said) tell(what.said);
  if (what?.chosen && !wanted) { chosen = what.chosen; if (find(chosen)) settle(what.pressed); else chosen = null; }
  if (!what?.moves) return;
  const answer = await ask(state.number, "price", { moves: JSON.stringify(what.moves) });
  side.show(answer?.broken ? answer : { error: answer?.error ?? say("offline") }, say("kept"));
  document.getElementById("preview").append(button(say("again"), "primary", () => make(what.moves)));
}

// ---------------------------------------------------------------- by keyboard: carry a thing to a place

function carry(what) {
  carried = what;
  document.body.classList.add("carrying");
  tell(carrying());
  (find(what) ?? board.querySelector(what.kind === "expert" ? ".chip[data-panel]" : "td[data-session] button, td[data-session]"))?.focus();
}
function putDown() { carried = null; document.body.classList.remove("carrying"); leave(); side.clear(); tell(""); }

function arrow(event) {
  const from = document.activeElement.closest("td, thead th, .chip");
  if (!from || !board.contains(from)) return;
  event.preventDefault();
  const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0, down = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
  let next;
  if (carried?.kind === "expert") {
    const chips = [...board.querySelectorAll(".chip[data-panel]")], at = chips.indexOf(document.activeElement.closest(".chip"));
    next = chips[(at + across + down + chips.length) % chips.length];
  } else {
    const cell = from.closest("td, th"), rows = [...board.querySelectorAll("table.board tr")], row = rows[rows.indexOf(cell.parentElement) + down];
    next = row?.cells[Math.max(1, cell.cellIndex + across)];
  }
  if (!next) return;
  const inside = next.matches(".chip") ? next : next.querySelector("button") ?? next;
  if (inside === next && !next.matches("button")) next.tabIndex = -1;
  inside.focus();
  if (carried) price(carried, target(carried, inside));
}

// ---------------------------------------------------------------- wiring

function clicked(event) {
  if (event.target.closest("#undo")) { step("undo"); return; }
  if (event.target.closest("#redo")) { step("redo"); return; }
  if (carried) { put(event); return; }
  const node = event.target.closest(THINGS);
  if (node) { choose(node); if (event.detail === 0) side.enter(); return; }  // by Enter: its buttons come next
  const cell = event.target.closest("td[data-session]");
  if (cell && chosen && chosen.kind !== "expert") why(cell);
}

function put(event) {
  const what = carried, place = target(what, event.target), rows = place && moves(what, place);
  if (!rows) { tell(say("not-here-carried")); return; }
  event.preventDefault();
  putDown(); make(rows);
}

// "Why not here?" on any cell while something is chosen.
async function why(cell) {
  const what = chosen, rows = moves(what, cell);
  over = null;
  if (!rows) { tell(say("not-here")); return; }
  const answer = await price(what, cell);
  if (answer?.broken && state.writes) document.getElementById("preview").append(button(say("put"), answer.broken.length ? "danger" : "primary", () => { leave(); make(rows); }));
}

function keys(event) {
  if (event.target.matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && carried) { const node = find(carried); putDown(); tell(say("put-back")); node?.focus(); }
  else if (event.key === "Escape" && chosen && event.target.closest("#chosen")) find(chosen)?.focus();
  else if (event.key.startsWith("Arrow")) arrow(event);
  else if (carried && event.key === "Enter" && !event.target.matches("button") && target(carried, event.target)) event.target.click();
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") { event.preventDefault(); step(event.shiftKey ? "redo" : "undo"); }
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "y") { event.preventDefault(); step("redo"); }
}

read();
board.addEventListener("click", clicked);
document.addEventListener("keydown", keys);
board.addEventListener("change", (event) => event.target.closest(".filters")?.requestSubmit());
// Who serves nowhere yet has no chip on the board, and is chosen all the same.
function uncalled({ code, name }) {
  const chip = element("button");
  Object.assign(chip.dataset, { expert: code, name });
  return chip;
}
finding(() => state.number, (person) => {
  const node = find({ ...person, id: person.code, expert: person.code });
  if (!node && person.kind === "expert" && !person.day) { choose(uncalled(person)); side.enter(); }
  else if (node) { node.scrollIntoView({ block: "center", inline: "center" }); node.focus({ preventScroll: true }); choose(node); }
  else location.assign(`${link(state.number, { day: person.day, room: person.room })}#${person.code}`);
});
draggable(board, THINGS, {
  take(node) {
    if (!state.writes || busy) return false;
    held = thing(node);
    ghost.replaceChildren();
    choose(node);
    return true;
  },
  over(node) { price(held, target(held, node)); },
  drop(node) { const what = held, place = target(what, node); held = null; const rows = place && moves(what, place); leave(); if (rows) make(rows); else if (place) tell(say("not-here")); },
  stop() { held = null; leave(); side.clear(); },
});
const hash = location.hash.slice(1), wanted = hash && (document.getElementById(hash) ?? board.querySelector(`[data-expert="${CSS.escape(hash)}"]`));
if (wanted) { wanted.scrollIntoView({ block: "center" }); choose(wanted); }
kept();
