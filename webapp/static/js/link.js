// Whether the server is heard: by a stream where there is a seat, else by asking every second and a half; the sign says which.
// A network may fall silent without a word, and a stream then looks open for ever. So the server sends a beat and says how
// often; after two and a half missed ones the stream is called off and asking says how it stands.
import { within } from "./within.js";

const POLL = 1500, TRY = 60_000, MISSED = 2.5, PATIENCE = 8000;

function say(name) {
  for (const sign of document.querySelectorAll("[data-link]")) if (sign.dataset.state !== name) { sign.dataset.state = name; sign.textContent = sign.dataset[name] ?? ""; }
}

/** Give `got` what the address says, at first and whenever it says something else. */
export function follow(address, got) {
  let stream = null, heard = 0, beat = 10_000, tried = 0, asking = 0, tag = null;
  const now = () => performance.now();  // the wall clock may jump

  function alive() { heard = now(); clearTimeout(asking); say("on"); }
  function later(milliseconds) { clearTimeout(asking); asking = setTimeout(poll, milliseconds); }

  async function ask() {
    const headers = { "X-Rostrum-Poll": "1", Accept: "text/html", ...(tag ? { "If-None-Match": tag } : {}) };
    const answer = await fetch(address, { headers, cache: "no-store", signal: within(PATIENCE) });
    if (answer.redirected && new URL(answer.url).pathname === "/login") return "out";
    if (!answer.headers.has("X-Rostrum-Beat")) throw new Error("no answer of ours");
    const text = await answer.text();
    if (answer.status === 200 && !heard) { tag = answer.headers.get("ETag"); await got(text); }
    return "poll";
  }

  function poll() {
    ask().catch(() => "off").then((name) => {
      if (heard || document.hidden) return;
      say(name);
      later(POLL + Math.random() * 200);
    });
  }

  function listen() {
    stream?.close();
    tried = now();
    stream = new EventSource(address);
    stream.addEventListener("beat", (event) => { beat = Number(event.data); alive(); });
    stream.onmessage = (event) => { alive(); tag = null; got(event.data); };
    stream.onerror = () => {
      const over = stream.readyState === EventSource.CLOSED;  // else it tries again by itself, and is mostly back before we ask
      if (heard || over) { heard = 0; later(over ? 0 : POLL); }
    };
    if (!heard) later(POLL);
  }

  // A page nobody looks at gives its seat back, and one of the six connections a browser has for all its windows.
  function rest() { stream?.close(); heard = 0; clearTimeout(asking); say(""); }

  listen();
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  setInterval(() => {
    if (document.hidden) return;
    if (heard && now() - heard > MISSED * beat) { stream.close(); heard = 0; say("off"); poll(); }
    else if (!heard && now() - tried > TRY) listen();
  }, 1000);
}
