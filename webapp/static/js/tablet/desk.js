// One expert at this tablet: the list as last heard, the outbox, what was tapped and is not on the disk yet.
import { openDatabase, memoryDatabase } from "./database.js";
import { plainLater } from "./office.js";
import { Outbox, standing } from "./outbox.js";
import { Sync } from "./sync.js";

const GATHER = 120; // taps that follow at once are one change; on the disk within 300 ms

export class Desk {
  static async open(expert, office, changed) {
    const database = await openDatabase(expert).catch(() => memoryDatabase());
    const alone = (work) => (navigator.locks ? navigator.locks.request(`rostrum ${expert}`, work) : work());
    const desk = new Desk({ expert, database, office, changed, alone });
    await desk.refresh();
    return desk;
  }

  constructor({ expert, database, office, changed, alone, later = plainLater, now = () => Date.now(), random = Math.random }) {
    Object.assign(this, { expert, database, office, changed, later, view: null, taps: new Map(), broken: false });
    this.look = { queue: [], sheets: new Map() };
    this.outbox = new Outbox(database, now);
    const others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`rostrum ${expert}`);
    this.tell = () => others?.postMessage("changed");
    if (others) others.onmessage = () => this.refresh().then(changed);
    this.sync = new Sync({ outbox: this.outbox, office, later, alone, random, changed: (verdict, row) => this.#heard(verdict, row) });
  }

  async #heard(verdict, row) {
    await this.refresh();
    if (verdict !== "sending") this.tell();
    this.changed(verdict, row);
  }

  async refresh() { this.look = await this.outbox.look(); }

  get lines() { return this.view?.sittings.flatMap((sitting) => sitting.sheets) ?? []; }

  // What the office does not have; a version it keeps beside another waits for a decision, not for the network.
  get unsent() { return this.look.queue.filter((row) => !row.conflict).length + this.taps.size; }

  // The office's list; what it says of sheets is learned, what is under way here stays.
  async hear(view, now) {
    this.view = view;
    const again = await this.outbox.learn(this.lines, now);
    await this.outbox.remember("view", { view, now });
    await this.refresh();
    this.#settleStates();
    if (again) this.sync.soon();
  }

  async recall() {
    const kept = await this.outbox.recall("view");
    this.view = kept?.view ?? null;
    this.#settleStates();
    return kept;
  }

  #settleStates() {
    for (const line of this.lines) line.state = this.look.sheets.get(line.key)?.state ?? line.state;
  }

  marksOf = (line) => {
    const last = this.look.queue.filter((row) => row.kind === "sheet" && row.sheet === line.key && !row.conflict).at(-1);
    return { ...(last?.record.marks ?? this.look.sheets.get(line.key)?.marks ?? line.marks), ...this.taps.get(line.key)?.marks };
  };

  remarkOf(line) {
    return this.look.queue.filter((row) => row.kind === "remark" && row.sheet === line.key).at(-1)?.record.text ?? line.remark;
  }

  submitting(line) {
    return this.look.queue.some((row) => row.sheet === line.key && !row.conflict && row.record.state === "submitted");
  }

  // Why nothing can be changed now; empty where it can.
  shut(line) {
    if (line.closed) return line.closed;
    if (standing(line.key, this.look) === "twice" || line.kept.length) return "twice";
    return this.submitting(line) || line.state === "submitted" ? "submitted" : line.state === "typed" ? "typed" : "";
  }

  standing(line) {
    if (this.taps.has(line.key)) return "unsaved";
    const found = standing(line.key, this.look, this.sync.sending);
    if (found !== "received" && found !== "none" && line.kept.length) return "twice";
    return ["local", "refused"].includes(found) && !this.database.durable ? "unsaved" : found;
  }

  tap(line, marks, blank) {
    const waiting = this.taps.get(line.key) ?? { marks: {}, blank };
    Object.assign(waiting.marks, marks);
    waiting.cancel?.();
    waiting.cancel = this.later(GATHER, () => this.store(line.key));
    this.taps.set(line.key, waiting);
    this.changed();
  }

  // Put what was tapped on the disk, then send it.
  async store(key, state = "draft", blank = null, reopen = false) {
    const waiting = this.taps.get(key) ?? { marks: {}, blank };
    waiting.cancel?.();
    const stored = { ...waiting.marks };
    try {
      await this.outbox.keep(key, stored, state, this.view.rubric.version, waiting.blank, reopen);
      this.broken = false;
    } catch {
      this.broken = true; // stays 未保存; the next tap tries again
      this.changed();
      return;
    }
    // A tap that came while the disk was busy stays unsaved until its own turn.
    const left = Object.fromEntries(Object.entries(waiting.marks).filter(([item, mark]) => stored[item] !== mark));
    if (Object.keys(left).length) waiting.marks = left; else this.taps.delete(key);
    await this.refresh();
    this.tell();
    this.changed();
    this.sync.soon(state === "submitted" ? 0 : 300);
  }

  async storeAll() { await Promise.all([...this.taps.keys()].map((key) => this.store(key))); }

  async say(line, text) {
    try {
      await this.outbox.say(line.key, text);
      this.broken = false;
    } catch {
      this.broken = true;
    }
    await this.refresh().catch(() => {});
    this.changed();
    this.sync.soon();
  }
}
