// The expert's page: opens with the network or without, keeps what is tapped, hears the office's list.
import { synchronise } from "../clock.js";
import { askCode, asking, askNoMore, askRecusal } from "./ask.js";
import { Desk } from "./desk.js";
import { isHere, lastHere, nobodyHere } from "./memory.js";
import { Office } from "./office.js";
import { Page } from "./page.js";
import { saveFile } from "./rescue.js";
import { Sheet } from "./sheet.js";
import { keepShell, renewShell } from "./shell.js";
import { Submit } from "./submit.js";
import { say, words } from "./words.js";

const EVERY = 8000, ALIVE = 20000, CLOCK = 60000, AT_ONCE = 2500, FAR_OFF = 120000, TYPING = 200; // words are on the tablet within 300 ms, as marks are
const html = document.documentElement, at = (id) => document.getElementById(id);
const office = new Office();
let desk = null, page = null, sheet = null, tag = "", aliveAt = 0, shell = false, remarking = 0, remarked = null;

// What the office says: true while it is the same expert's list.
async function hear() {
  const answer = await office.view(tag);
  if (answer.status === 304) return true;
  if (answer.status === 401 && answer.document?.error) return askIn();
  if (answer.status !== 200 || !answer.document?.expert) {
    if (answer.status === 403 && answer.document?.error && !desk) at("nothing").textContent = answer.document.error;
    return false;
  }
  const view = answer.document, now = Date.parse(answer.headers.get("X-Rostrum-Now"));
  if (desk && desk.expert !== view.expert) { isHere(view.expert); location.reload(); return false; }
  tag = answer.headers.get("ETag");
  isHere(view.expert);
  desk ??= await Desk.open(view.expert, office, draw);
  await desk.hear(view, now);
  if (view.language !== html.dataset.language) { await renewShell(html.dataset.app); location.reload(); return false; }
  if (view.app !== html.dataset.app) newVersion();
  return true;
}

function askIn() {
  if (!desk) { location.assign("/tablet/enter"); return false; }
  askCode(office, async () => { tag = ""; await pulse(); desk.sync.flush(); });
  return false;
}

// Without a network: the list of who was here last, until their day is over.
async function open() {
  const heard = hear().catch(() => false);
  const soon = await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, AT_ONCE, null))]);
  if (soon || desk) return;
  const expert = lastHere();
  if (expert) {
    const remembered = await Desk.open(expert, office, draw), kept = await remembered.recall();
    if (!desk && kept && Date.parse(kept.view.until) > Date.now() + office.offset) { desk = remembered; return; }
  }
  await heard;
}

function begin() {
  if (page || !desk?.view) return;
  sheet = new Sheet(at("items"), desk.view.rubric, (marks) => desk.tap(page.line, marks, sheet.blank));
  page = new Page(desk, { sheet, choose, decide });
  submit = new Submit(at("slide"), { ready, submit: () => desk.store(page.key, "submitted", sheet.blank) });
  page.key = page.first();
  page.draw();
  desk.sync.flush();
}
let submit = null;

function draw(verdict) {
  if (verdict === "login") askIn();
  if (verdict === "received" || verdict === "conflict" || verdict === "refused") pulse();
  page?.draw();
}

// What was typed is the last one's before anything else is done.
function keepRemark() {
  clearTimeout(remarking);
  const typed = remarked;
  remarked = null;
  return typed && desk.say(...typed);
}

const keepAll = () => Promise.all([keepRemark(), desk?.storeAll()]);

function choose(key) {
  keepRemark();
  sheet.typing = null;
  page.key = key;
  submit.disarm();
  page.say("");
  at("list-toggle").setAttribute("aria-expanded", "false");
  document.body.classList.remove("list-open");
  page.draw();
  at("sheet").scrollTo?.(0, 0);
  window.scrollTo(0, 0);
}

function ready() {
  const open_ = sheet.holes();
  page.say(open_.length ? say("open", open_.join(words.comma)) : "");
  return !open_.length;
}

async function decide(uuid) {
  const { key, line } = page, version = desk.look.sheets.get(key)?.version ?? line.version;
  const answer = await office.post("/settle", { sheet: key, uuid, version }).catch(() => null);
  page.say(answer?.status === 200 ? "" : answer?.document?.error ?? words.no_answer);
  await pulse();
}

let beating = null;
function pulse() {
  beating ??= beat().finally(() => { beating = null; });
  return beating;
}

async function beat() {
  try {
    const known = await hear();
    begin();
    if (known && Date.now() - aliveAt > ALIVE) await alive();
    if (known) askNoMore();
    page?.notice("offline", known || asking() ? "" : words.offline);
  } catch {
    begin();
    page?.notice("offline", words.offline);
  }
  page?.draw();
}

async function alive() {
  aliveAt = Date.now();
  await office.hello();
  page.notice("clock-off", Math.abs(office.offset) > FAR_OFF ? say("clock_off", Math.round(Math.abs(office.offset) / 60000)) : "");
  await office.post("/alive", { unsent: desk.unsent, app: html.dataset.app, skew: Math.round(-office.offset), secure: isSecureContext });
}

function newVersion() {
  shell?.update?.().catch(() => {});
  at("renew").hidden = false;
}

async function renew() {
  await keepAll();
  if (!desk?.taps.size) location.reload();
}

function listen() {
  window.addEventListener("online", () => { pulse(); desk?.sync.flush(); });
  document.addEventListener("visibilitychange", () => {
    keepAll();
    if (!document.hidden) { pulse(); desk?.sync.flush(); }
    else if (!at("renew").hidden) renew();
  });
  window.addEventListener("pagehide", keepAll);
  setInterval(() => page?.tick(), 250);
  setInterval(synchronise, CLOCK);
  const again = () => setTimeout(() => (document.hidden ? Promise.resolve() : pulse()).finally(again), EVERY * (0.8 + 0.4 * Math.random()));
  again();
  at("retry").addEventListener("click", () => { pulse(); desk.sync.flush(); });
  at("save").addEventListener("click", () => saveFile(desk.outbox, desk.expert));
  at("renew").querySelector("button").addEventListener("click", renew);
  at("to-current").addEventListener("click", () => choose(page.current.key));
  at("next").addEventListener("click", () => choose(page.following.key));
  at("take-back").addEventListener("click", () => desk.store(page.key, "draft", sheet.blank, true));
  at("recuse-open").addEventListener("click", () => askRecusal(office, page.key, page.line.name, pulse));
  at("list-toggle").addEventListener("click", () => {
    const open_ = document.body.classList.toggle("list-open");
    at("list-toggle").setAttribute("aria-expanded", String(open_));
  });
  at("remark").addEventListener("input", () => {
    remarked = [page.line, at("remark").value];
    clearTimeout(remarking);
    remarking = setTimeout(keepRemark, TYPING);
  });
  at("remark").addEventListener("change", keepRemark);
  for (const form of document.querySelectorAll("form[data-token]")) form.addEventListener("submit", (event) => {
    form.elements.csrf_token.value = office.token;
    if (!("leave" in form.dataset)) return;
    if (desk?.unsent && !window.confirm(say("leave", desk.unsent))) event.preventDefault(); else nobodyHere();
  });
}

listen();
office.hello().catch(() => {});
at("reduced").hidden = isSecureContext;
keepShell(() => { at("renew").hidden = false; }).then((registered) => { shell = registered; });
navigator.storage?.persist?.().catch(() => {});
open().then(begin).then(pulse).then(synchronise);
