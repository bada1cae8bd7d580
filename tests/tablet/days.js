// A tablet's day, run with the modules that ship. Time is the day's own: it leaps to the next timer once everything real
// (the browser's database, requests to the real server) has come to rest. A request goes wrong in the real network.
import { openDatabase } from "/static/js/tablet/database.js";
import { Desk } from "/static/js/tablet/desk.js";
import { Office } from "/static/js/tablet/office.js";

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE;
const FAULTS = ["captive", "redirect", "asks", "broken", "gateway", "cut", "lost", "hang", "wrong", "expired"];
const never = () => new Promise(() => {});
const turn = () => new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => { port1.close(); resolve(); }; port2.postMessage(0); });

// mulberry32: the same day for the same seed.
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// The day: its clock, its timers, what is real and under way, its outages.
class Day {
  constructor(seed, at) {
    this.random = chance(seed);
    this.now = at;
    this.timers = [];
    this.busy = 0;
    this.outages = [];
    this.locked = Promise.resolve();
    this.counts = {};
  }

  pick(list) { return list[Math.floor(this.random() * list.length)]; }

  between(least, most) { return least + (most - least) * this.random(); }

  count(name) { this.counts[name] = (this.counts[name] ?? 0) + 1; }

  async real(work) {
    this.busy += 1;
    try { return await work(); } finally { this.busy -= 1; }
  }

  async rest() {
    for (let calm = 0; calm < 3; calm = this.busy ? 0 : calm + 1) await turn();
  }

  // Let time go by: every timer that falls due runs, in order, each to its rest.
  async pass(milliseconds) {
    const until = this.now + milliseconds;
    await this.rest();
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers.splice(this.timers.indexOf(due), 1);
      this.now = Math.max(this.now, due.at);
      due.act();
      await this.rest();
    }
    this.now = until;
  }

  fault() {
    const outage = this.outages.find(({ from, to }) => from <= this.now && this.now < to);
    if (outage) return outage.how === "any" ? this.pick(FAULTS) : outage.how;
    return this.random() < 0.04 ? this.pick(FAULTS) : "";
  }
}

// One page of the tablet: everything it does ends when it dies, at whatever step that is.
class Tab {
  constructor(day, expert, code, name, drift) {
    Object.assign(this, { day, expert, code, name, drift, dead: false, steps: Infinity, green: new Map(), greens: [] });
  }

  #step() {
    this.steps -= 1;
    if (this.steps <= 0) this.die();
    return this.dead;
  }

  die() {
    this.dead = true;
    this.day.timers = this.day.timers.filter((timer) => timer.tab !== this);
    this.free?.(); // a browser frees the locks of a page that is gone
  }

  async open() {
    const { day } = this, base = await day.real(() => openDatabase(this.name));
    const guarded = (work) => (this.#step() ? never() : day.real(work).then((value) => (this.dead ? never() : value)));
    const database = {
      durable: true,
      read: (...all) => guarded(() => base.read(...all)),
      get: (...all) => guarded(() => base.get(...all)),
      change: (...all) => guarded(() => base.change(...all)),
    };
    const later = (milliseconds, act) => {
      const timer = { at: day.now + milliseconds, act, tab: this };
      day.timers.push(timer);
      return () => { day.timers = day.timers.filter((one) => one !== timer); };
    };
    const office = new Office({ fetch: (...all) => this.#fetch(...all), later });
    const alone = (work) => this.#alone(work);
    const now = () => day.now + this.drift;
    this.desk = new Desk({ expert: this.name, database, office, alone, later, now, random: day.random, changed: (verdict, row) => this.#changed(verdict, row) });
    await this.desk.refresh();
    await this.desk.recall();
    return this;
  }

  async #alone(work) {
    const before = this.day.locked;
    let free;
    this.day.locked = new Promise((resolve) => { free = resolve; });
    this.free = free;
    await before;
    try { return await work(); } finally { free(); }
  }

  async #fetch(address, options) {
    const { day } = this, fault = day.fault();
    if (this.#step()) return never();
    if (fault) day.count(fault);
    const ask = () => fetch(address, { ...options, signal: undefined, headers: { ...options.headers, "X-Tablet": this.code, "X-Fault": fault === "hang" ? "" : fault } });
    const silent = new Promise((resolve, reject) => options.signal.addEventListener("abort", () => reject(new DOMException("too long", "AbortError"))));
    if (fault === "hang") {
      if (day.random() < 0.5) await day.real(() => ask().catch(() => null)); // it arrived, and nothing came back
      return silent;
    }
    const answer = await day.real(async () => {
      const got = await ask(), text = await got.text();
      return new Response(got.status === 304 || got.status === 204 ? null : text, { status: got.status, headers: got.headers });
    });
    return this.dead ? never() : answer;
  }

  // What turned green, with what it stood for.
  #changed(verdict, row) {
    if (verdict === "received" && row.kind === "sheet") this.greens.push([row.record.uuid, row.record.hash]);
    this.day.count(verdict ?? "drawn");
  }

  async hear() {
    const { day } = this;
    let answer;
    this.desk.office.view("").then((got) => { answer = got; }, () => { answer = null; });
    for (await day.rest(); answer === undefined && !this.dead;) await day.pass(SECOND); // time goes by while nobody answers
    if (answer?.status !== 200 || !answer.document?.expert || this.dead) return false;
    await this.desk.hear(answer.document, Date.parse(answer.headers.get("X-Rostrum-Now")));
    return true;
  }
}

class Tablet {
  constructor(seed, code, suffix, round) {
    this.day = new Day(seed, Date.UTC(2026, 11, 5, 0, 30));
    this.code = code;
    this.expert = `R${round}-${code}`;
    this.name = `${this.expert} ${suffix}`;
    this.drift = this.day.random() < 0.3 ? this.day.between(-48 * HOUR, 48 * HOUR) : 0;
    this.stored = new Map(); // sheet → what 已存本机 was shown for, the newest
    this.greens = [];
  }

  async turnOn(name = this.name) {
    const tab = new Tab(this.day, this.expert, this.code, name, this.drift);
    tab.greens = this.greens;
    await tab.open();
    for (let tries = 0; !tab.desk.view && tries < 600; tries += 1) {
      if (await tab.hear()) break;
      await this.day.pass(20 * SECOND);
      if (tries > 200) await new Promise((resolve) => setTimeout(resolve, 50)); // the server itself is being started again
    }
    tab.desk.sync.flush();
    await this.day.rest();
    return tab;
  }

  // One item set, and, as a person would, only gone on from once it says 已存本机.
  async mark(tab, line, item, value) {
    const before = tab.dead;
    tab.desk.tap(line, { [item]: value }, this.blank);
    await this.day.pass(this.day.between(0.2, 3) * SECOND);
    this.note(tab, line);
    return before;
  }

  note(tab, line) {
    if (tab.dead || tab.desk.taps.has(line.key) || tab.desk.broken) return;
    const last = tab.desk.look.queue.filter((row) => row.kind === "sheet" && row.sheet === line.key && !row.conflict).at(-1);
    const held = tab.desk.look.sheets.get(line.key);
    const content = last?.record ?? held;
    if (content) this.stored.set(line.key, { marks: content.marks, state: content.state });
  }
}

// Somewhere in the hours of work; the longest reach far beyond it.
function outages(day, stretch) {
  const from = day.now;
  for (let n = Math.floor(day.between(1, 5)); n > 0; n -= 1) {
    const start = from + day.between(0, stretch), length = SECOND * 14400 ** day.random(); // from a second to four hours
    day.outages.push({ from: start, to: start + length, how: day.pick(["any", ...FAULTS]) });
  }
}

// One whole day; answers what was seen, for the database to be held against.
export async function live(seed, code, round) {
  const tablet = new Tablet(seed, code, `s${seed}`, round), { day } = tablet;
  let tab = await tablet.turnOn(), second = null;
  const items = tab.desk.view.rubric.items, lines = [...tab.desk.lines];
  outages(day, lines.length * 6 * MINUTE);
  tablet.blank = Object.fromEntries(items.map((item) => [item.key, null]));
  const fresh = async () => { if (tab.dead) { day.count("died"); await day.pass(day.between(1, 400) * SECOND); tab = await tablet.turnOn(); } };
  for (const [n, line] of lines.entries()) {
    if (day.random() < 0.12) second = await tablet.turnOn(); // the same page opened twice
    if (day.random() < 0.2) tab.steps = Math.floor(day.between(1, 40)); // the battery, at whatever step
    for (const item of items) {
      for (let taps = 1 + Math.floor(day.random() * 2.2); taps > 0; taps -= 1) {
        await fresh();
        const at = second && !second.dead && day.random() < 0.5 ? second : tab;
        const there = at.desk.lines.find((one) => one.key === line.key);
        if (at.desk.shut(there)) continue;
        await tablet.mark(at, there, item.key, String(Math.floor(day.random() * (Number(item.full) + 1))));
      }
      if (day.random() < 0.03) { tab.die(); await fresh(); day.count("reloaded"); }
    }
    await complete(tablet, () => tab, fresh, line, items);
    if (second && day.random() < 0.5) { second.die(); second = null; }
    if (n + 1 < lines.length) await day.pass(day.between(1, 9) * MINUTE);
  }
  second?.die();
  return end(tablet, await stay(tablet, () => tab, fresh), lines);
}

// Whatever is still open gets a mark; then the sheet is handed in, as often as it takes until the tablet has kept that.
async function complete(tablet, tab, fresh, line, items) {
  const { day } = tablet;
  for (let tries = 0; tries < 30; tries += 1) {
    await fresh();
    const at = tab(), there = at.desk.lines.find((one) => one.key === line.key);
    if (at.desk.shut(there)) { tablet.note(at, there); return; }
    const marks = at.desk.marksOf(there), hole = items.find((item) => (marks[item.key] ?? null) === null);
    if (hole) { await tablet.mark(at, there, hole.key, "3"); continue; }
    const done = at.desk.store(there.key, "submitted", tablet.blank);
    await day.pass(SECOND);
    if (!at.dead) await done;
    tablet.note(at, there);
  }
}

// The tablet lies there until the network has come back and everything has gone.
async function stay(tablet, tab, fresh) {
  const { day } = tablet;
  await day.pass(Math.max(0, ...day.outages.map(({ to }) => to - day.now)));
  for (let tries = 0; tries < 400; tries += 1) {
    await fresh();
    tab().steps = Infinity;
    await day.pass(MINUTE);
    await tab().desk.refresh();
    const left = tab().desk.look.queue.filter((row) => !row.conflict);
    if (!left.length && await tab().hear()) break;
    await new Promise((resolve) => setTimeout(resolve, 200)); // the server itself may be on its way
  }
  return tab();
}

function end(tablet, tab, lines) {
  tab.desk.sync.stop();
  const { queue } = tab.desk.look;
  tab.die();
  return {
    expert: tablet.code,
    left: queue.filter((row) => !row.conflict).length,
    conflicts: queue.filter((row) => row.conflict).map((row) => [row.record.uuid, row.record.hash]),
    stored: Object.fromEntries(tablet.stored),
    greens: tablet.greens,
    expected: lines.map((line) => line.key),
    counts: tablet.day.counts,
  };
}

// Several days at once, as in a venue.
window.run = async (seeds, codes, round, together) => {
  const results = [], waiting = seeds.map((seed, n) => [seed, codes[n]]);
  const hand = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        results.push(await live(next[0], next[1], round));
      } catch (error) {
        results.push({ expert: next[1], failed: `${error.stack ?? error}` });
      }
      window.done = results.length;
    }
  };
  await Promise.all(Array.from({ length: together }, hand));
  return results;
};
window.ready = true;
