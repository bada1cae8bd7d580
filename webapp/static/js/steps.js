// Buttons that take a step: one press, one step, no page jump; steps arrive in the order they were pressed in. Without a network the step is kept with its moment on this
// machine (localStorage), the console goes on by itself, and what was kept is sent in its order when the network is back,
// from whichever page with such buttons the same account opens next.
import { serverNow, tick } from "./clock.js";
import { putPage, reread } from "./live.js";
import { within } from "./within.js";

const AGAIN = 4000, PATIENCE = 6000;  // a press that nobody answers is kept: a network may fall silent without a word
const AFTER = { call: "called", enter: "entered", talk: "talk", answers: "answers", resume: null, pause: "standing", heard: "ended", absent: "ended", gave_up: "ended", late: "ended" };
const problem = document.getElementById("problem"), kept = document.getElementById("kept"), said = document.getElementById("said");
const BOX = `rostrum:steps:${kept.dataset.who ?? ""}`;
const queue = () => JSON.parse(localStorage.getItem(BOX) ?? "[]");

function keep(steps) {
  if (steps.length) localStorage.setItem(BOX, JSON.stringify(steps)); else localStorage.removeItem(BOX);
  kept.hidden = !steps.length;
  kept.textContent = kept.dataset.text.replace("#", steps.length);
  if (steps.length) document.body.dataset.hold = "1"; else delete document.body.dataset.hold;
}
function say(text) { problem.textContent = text ?? ""; problem.hidden = !text; said.hidden ||= Boolean(text); if (text) problem.scrollIntoView({ block: "nearest" }); }

// What the server says on the page it answered with.
function told(text) {
  const words = new DOMParser().parseFromString(text, "text/html").querySelector("main > .alert.ok[role=status]:not([id])")?.textContent;
  said.textContent = words ?? ""; said.hidden = !words;
}

/** Send one step; whether the server has answered it, one way or the other. */
async function send(step) {
  const answer = await fetch(step.url, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(step.fields), signal: within(PATIENCE) });
  if (answer.headers.get("Content-Type")?.startsWith("application/json") && !answer.ok) {
    say((await answer.json()).error);
    return answer.status !== 401 && answer.status < 500;  // an expired login keeps the queue: log in, then it is sent
  }
  const text = await answer.text();
  if (!answer.ok || !text.includes("data-live")) throw new Error("no answer of ours");
  told(text);
  return text;
}

// Without a network: the card goes to the next phase by itself. The server will judge the same steps with their moments.
function advance(card, what, at) {
  const before = card.dataset.phase, next = what === "resume" ? card.dataset.running : AFTER[what];
  const ring = card.querySelector("[data-clock]"), now = JSON.parse(ring.dataset.clock || "{}");
  let clock = now;
  if (what === "talk" || what === "answers") {
    const left = what === "answers" && card.dataset.carry === "1" ? Math.max(0, now.limit - ((now.standing ?? at) - now.began - now.stood)) : 0;
    clock = { phase: what, began: at, limit: Number(card.dataset[what]) + left, warn: Number(card.dataset.warn), stood: 0, standing: null };
  } else if (what === "pause") { card.dataset.running = before; clock = { ...now, standing: at }; }
  else if (what === "resume") clock = { ...now, stood: now.stood + at - now.standing, standing: null };
  ring.dataset.clock = JSON.stringify(clock);
  for (const input of card.querySelectorAll("[name=seen]")) input.value = Number(input.value) + 1;
  card.dataset.phase = next;
  for (const part of card.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(next);
  if (next === "ended") {
    card.hidden = true;
    const coming = [...document.querySelectorAll("[data-card]")].find((other) => other.dataset.phase === "waiting" && other !== card);
    if (coming) coming.hidden = false;
  }
  tick();
}

async function flush() {
  const steps = queue();
  if (!steps.length) return;
  try {
    const [step] = steps, answer = await send(step);
    if (answer === false) return;
    const left = queue().filter((one) => one.id !== step.id);  // another page of this account may have sent some, too
    if (answer === true) {  // refused: it is said with what followed in its panel, and the page shows how it stands
      const follows = (one) => one.fields.panel === step.fields.panel, lost = left.filter(follows);
      if (lost.length) say(`${problem.textContent} ${kept.dataset.dropped.replace("#", lost.map((one) => `${one.fields.applicant} ${one.text} ${new Date(Number(one.fields.at)).toLocaleTimeString("zh-CN")}`).join("；"))}`);
      keep(left.filter((one) => !follows(one))); await reread(); return;
    }
    keep(left);
    say("");
    if (left.length) await flush(); else await reread();  // the answer is the page of the step's panel, maybe not this one
  } catch { /* still no network */ }
}

// The second press of a double click is none: the next phase's button stands where the last one stood.
document.addEventListener("click", (event) => { if (event.detail > 1 && event.target.closest("form[data-step] button")) event.preventDefault(); });

let line = Promise.resolve();  // what was pressed, one after the other
const under = new Set();       // whose step is under way: a second press of theirs is none
let refused = false, leaving = false;

/** Let one step arrive, or keep it; the page the server answered with. */
async function arrive(step, card) {
  const waiting = queue(), what = step.fields.step;
  try {
    if (waiting.length) throw new Error("those before come first");
    const answer = await send(step);
    if (typeof answer === "string") return answer;
    refused = true;
  } catch {
    const shown = card && document.querySelector(`[data-card="${card}"]`);  // the page may have been drawn anew meanwhile
    if (shown && what in AFTER) {
      step.fields.at = step.at;
      keep([...waiting, step]); advance(shown, what, Number(step.at));
    } else if (what === "undo" && waiting.at(-1)?.fields.applicant === step.fields.applicant) { keep(waiting.slice(0, -1)); location.reload(); }
    else say(kept.dataset.off);
  }
  return "";
}

async function press(step, card) {
  const page = await arrive(step, card);
  under.delete(step.fields.applicant);
  if (under.size) return;
  delete document.body.dataset.busy;
  if (leaving) return;
  if (page) await putPage(page); else await reread();
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches("form[data-step]")) { after(event); return; }
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form, submitter)), at = String(Math.round(serverNow()));
  if (under.has(fields.applicant)) return;
  if (!under.size) { refused = false; say(""); }
  under.add(fields.applicant);
  document.body.dataset.busy = "1";
  const step = { id: `${at}-${Math.random()}`, at, url: form.action, fields, text: submitter?.textContent ?? "" }, card = form.closest("[data-card]")?.dataset.card;
  line = line.then(() => press(step, card)).catch(() => {});
});

// Any other form takes the page away, and rests on what was pressed before it: it goes when that has arrived.
function after(event) {
  if (event.defaultPrevented || (!under.size && !queue().length)) return;
  event.preventDefault();
  leaving = true;
  line = line.then(() => {
    leaving = false;
    if (queue().length) say(kept.dataset.off);
    else if (!refused) { event.target.requestSubmit(event.submitter); return; }
    reread().catch(() => {});
  });
}

keep(queue());
flush();
setInterval(flush, AGAIN);
window.addEventListener("online", flush);
