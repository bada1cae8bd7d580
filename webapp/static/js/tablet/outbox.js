// Records on their way to the office. A record leaves only by its receipt, or when two versions were decided on.
//
// A row of the queue = { n, kind, sheet, base, tried, record, conflict?, refused?, again? }. `base` is the sheet's version
// it builds on; null while it builds on the row before it. A row that was never tried is replaced by the next change;
// one that was tried may have reached the office, so the next change stands behind it.
import { fingerprint, freshId } from "./canonical.js";

const LOST_AFTER = 60000; // the office has less than it receipted: only an older copy of its data explains that
const REFUSED_AGAIN = 60000;

export class Outbox {
  constructor(database, now = () => Date.now()) {
    this.database = database;
    this.now = now;
  }

  // Everything there is, for the page to show.
  async look() {
    const [queue, sheets] = await Promise.all([this.database.read("queue"), this.database.read("sheets")]);
    return { queue, sheets: new Map(sheets.map((row) => [row.sheet, row])) };
  }

  // One change of a sheet: `marks` are those that changed; `blank` has every item as not scored. Answers false where the
  // sheet is handed in, maybe by another tab a moment ago; `reopen` takes that back.
  keep(sheet, marks, state, rubric, blank, reopen = false) {
    return this.database.change(async (tables) => {
      const mine = (await tables.read("queue")).filter((row) => row.kind === "sheet" && row.sheet === sheet);
      if (mine.some((row) => row.conflict)) throw new Error("decide first");
      const office = await tables.get("sheets", sheet), last = mine.at(-1);
      const handedIn = last ? last.record.state === "submitted" : ["submitted", "typed"].includes(office?.state);
      if (handedIn && !reopen) return false;
      const before = last?.record.marks ?? office?.marks ?? {};
      const content = { marks: { ...blank, ...before, ...marks }, rubric, sheet, state };
      const made = { uuid: freshId(), client_time: new Date(this.now()).toISOString(), hash: fingerprint(content) };
      await this.#append(tables, last, "sheet", sheet, office?.version ?? 0, { ...content, ...made });
      return true;
    });
  }

  // A comment for the panel's file.
  say(sheet, text) {
    return this.database.change(async (tables) => {
      const last = (await tables.read("queue")).filter((row) => row.kind === "remark" && row.sheet === sheet).at(-1);
      const content = { sheet, text };
      await this.#append(tables, last, "remark", sheet, 0, { ...content, uuid: freshId(), hash: fingerprint(content) });
    });
  }

  async #append(tables, last, kind, sheet, version, record) {
    let base = last ? null : version;
    if (last && !last.tried) {
      base = last.base;
      await tables.remove("queue", last.n);
    }
    await tables.put("queue", { kind, sheet, base, tried: false, record });
  }

  // The oldest record that may go now: the first of its sheet, unless the office holds or refused it.
  async next() {
    const seen = new Set(), now = this.now();
    for (const row of await this.database.read("queue")) {
      const line = `${row.kind} ${row.sheet}`;
      if (row.conflict || seen.has(line)) continue;
      seen.add(line);
      if (!(row.again > now)) return row;
    }
    return null;
  }

  // Said before it is sent: from here on the office may have it. Answers what to send; null where it is gone.
  trying(n) {
    return this.database.change(async (tables) => {
      const row = await tables.get("queue", n);
      if (!row) return null;
      await tables.put("queue", { ...row, tried: true });
      return row.kind === "sheet" ? { ...row.record, base_version: row.base } : row.record;
    });
  }

  received(n, receipt) {
    return this.database.change(async (tables) => {
      const row = await tables.get("queue", n);
      if (!row) return;
      await tables.remove("queue", n);
      if (row.kind !== "sheet") return;
      const { marks, state } = row.record, known = await tables.get("sheets", row.sheet);
      const at = Date.parse(receipt.server_time);
      if (!(known?.version > receipt.version)) {
        await tables.put("sheets", { sheet: row.sheet, version: receipt.version, marks, state, at, last: row.record });
      }
      await this.#rebase(tables, row, receipt.version);
    });
  }

  // What stood behind a row builds on `version` now.
  async #rebase(tables, row, version) {
    const behind = (await tables.read("queue")).filter((one) => one.kind === "sheet" && one.sheet === row.sheet && one.n > row.n);
    if (behind[0]?.base === null) await tables.put("queue", { ...behind[0], base: version });
  }

  // The office holds it beside what counts. It stays here, too, until somebody has decided.
  conflicted(n) {
    return this.database.change(async (tables) => {
      const row = await tables.get("queue", n);
      if (!row) return;
      await tables.put("queue", { ...row, conflict: true });
      await this.#rebase(tables, row, row.base);
    });
  }

  // The office says why it does not take it now (a closed sitting, say). It stays and is tried again.
  refused(n, text) {
    return this.database.change(async (tables) => {
      const row = await tables.get("queue", n);
      if (row) await tables.put("queue", { ...row, refused: text, again: this.now() + REFUSED_AGAIN });
    });
  }

  // What the office's list says, at the office's time `now`. Answers whether something has to be sent again.
  learn(lines, now) {
    return this.database.change(async (tables) => {
      const queue = await tables.read("queue");
      let again = false;
      for (const { key, version, state, marks, settled } of lines) {
        const mine = queue.filter((row) => row.kind === "sheet" && row.sheet === key);
        for (const row of mine) if (row.conflict && settled.includes(row.record.uuid)) await tables.remove("queue", row.n);
        const known = await tables.get("sheets", key);
        const lost = known?.last && version < known.version && now - known.at > LOST_AFTER;
        if (lost && !mine.length) {
          await tables.put("queue", { kind: "sheet", sheet: key, base: version, tried: true, record: known.last });
          again = true;
        }
        const changed = version !== (known?.version ?? 0) || state !== known?.state;
        if (lost || (changed && !(version < known?.version))) {
          const last = version === known?.version ? known.last : undefined;
          await tables.put("sheets", { sheet: key, version, state, marks, at: now, last });
        }
      }
      return again;
    });
  }

  async remember(name, value) {
    await this.database.change((tables) => tables.put("facts", { name, value }));
  }

  async recall(name) {
    return (await this.database.get("facts", name))?.value;
  }
}

// What the page may say of one sheet: unsaved is the page's own to know.
export function standing(sheet, { queue, sheets }, sending) {
  const mine = queue.filter((row) => row.sheet === sheet);
  if (mine.some((row) => row.conflict)) return "twice";
  if (mine.some((row) => row.n === sending)) return "sending";
  if (mine.length) return mine.some((row) => row.refused) ? "refused" : "local";
  return sheets.get(sheet)?.version ? "received" : "none";
}
