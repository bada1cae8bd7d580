// Sends what is in the outbox: on a change, when the network or the page comes back, every ten seconds, and by hand.
// After a failure it waits longer, up to a minute. A success is a receipt that matches, nothing else.
const REGULAR = 10000, LONGEST = 60000;
const PATHS = { sheet: "/records", remark: "/remarks" };

export function judge({ status, document }, record) {
  if ((status === 201 || status === 200) && document?.uuid === record.uuid && document.hash === record.hash) return "received";
  if (status === 409 && document?.kept?.uuid === record.uuid && document.kept.hash === record.hash) return "conflict";
  if (typeof document?.error !== "string" || document.code === "token") return "failed";
  if (status === 401) return "login";
  return status >= 400 && status < 500 ? "refused" : "failed";
}

export class Sync {
  constructor({ outbox, office, later, random = Math.random, changed = () => {}, alone = (work) => work() }) {
    Object.assign(this, { outbox, office, later, random, changed, alone });
    Object.assign(this, { sending: null, failures: 0, waiting: "", cancel: () => {}, running: null, stopped: false });
  }

  // Send everything that may go. Whoever asks meanwhile waits for the same run, and for one more if something came in.
  flush() {
    if (this.stopped) return Promise.resolve();
    if (this.running) {
      this.once_more = true;
      return this.running;
    }
    this.cancel();
    this.running = this.#run().catch(() => { this.failures += 1; }).finally(() => {
      this.running = null;
      if (!this.stopped) this.#wait();
    });
    return this.running;
  }

  async #run() {
    do {
      this.once_more = false;
      await this.alone(() => this.#sendAll());
    } while (this.once_more && !this.failures && !this.stopped);
  }

  async #sendAll() {
    for (let row = await this.outbox.next(); row && !this.stopped; row = await this.outbox.next()) {
      const verdict = await this.#send(row);
      if (this.stopped) return;
      this.waiting = verdict === "login" ? "login" : "";
      this.failures = verdict === "login" || verdict === "failed" ? this.failures + 1 : 0;
      this.changed(verdict, row);
      if (this.failures) return;
    }
  }

  async #send(row) {
    const record = await this.outbox.trying(row.n);
    if (!record) return "gone";
    this.sending = row.n;
    this.changed("sending", row);
    try {
      const answer = await this.office.post(PATHS[row.kind], record), verdict = judge(answer, record);
      if (this.stopped) return verdict;
      if (verdict === "received") await this.outbox.received(row.n, answer.document);
      if (verdict === "conflict") await this.outbox.conflicted(row.n);
      if (verdict === "refused") await this.outbox.refused(row.n, answer.document.error);
      return verdict;
    } catch {
      return "failed";
    } finally {
      this.sending = null;
    }
  }

  #wait() {
    const pause = this.failures ? Math.min(LONGEST, REGULAR * 2 ** (this.failures - 1)) : REGULAR;
    this.cancel = this.later(pause * (0.8 + 0.4 * this.random()), () => this.flush());
  }

  // After a change: the taps that follow at once go together.
  soon(milliseconds = 300) {
    this.cancel();
    if (!this.running && !this.stopped) this.cancel = this.later(milliseconds, () => this.flush());
    else this.once_more = true;
  }

  stop() {
    this.stopped = true;
    this.cancel();
  }
}
