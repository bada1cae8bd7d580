// The way to the office: JSON in, JSON out, never a redirect followed, never longer than a quarter of a minute.
const PATIENCE = 15000;

export class Office {
  constructor({ fetch = (...all) => globalThis.fetch(...all), later = plainLater, root = "/tablet" } = {}) {
    Object.assign(this, { fetch, later, root, token: "", offset: 0, app: "" });
  }

  // Answers { status, document, headers }; document is null where the answer is no JSON. Throws where there is none.
  async ask(path, options = {}) {
    const stop = new AbortController();
    const cancel = this.later(PATIENCE, () => stop.abort());
    try {
      const headers = { Accept: "application/json", ...options.headers };
      const answer = await this.fetch(this.root + path, { cache: "no-store", redirect: "error", ...options, headers, signal: stop.signal });
      const json = /^application\/json\b/.test(answer.headers.get("Content-Type") ?? "");
      return { status: answer.status, document: json ? await answer.json() : null, headers: answer.headers };
    } finally {
      cancel();
    }
  }

  // A fresh token; the server's time and the page's version beside it. False where something else answered.
  async hello(now = Date.now) {
    const before = now(), { status, document } = await this.ask("/hello");
    if (status !== 200 || typeof document?.token !== "string") return false;
    Object.assign(this, { token: document.token, app: document.app, offset: Date.parse(document.now) - (before + now()) / 2 });
    return true;
  }

  async post(path, content, repeated = false) {
    if (!this.token && !(await this.hello())) return { status: 0, document: null };
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    const answer = await this.ask(path, { method: "POST", headers, body: JSON.stringify(content) });
    if (answer.document?.code !== "token" || repeated) return answer;
    this.token = "";
    return this.post(path, content, true);
  }

  // The list; null where it is the one of that tag.
  view(tag) {
    return this.ask("/view", { headers: tag ? { "If-None-Match": tag } : {} });
  }
}

export function plainLater(milliseconds, act) {
  const timer = setTimeout(act, milliseconds);
  return () => clearTimeout(timer);
}
