// What this tablet can do, tried one by one before the day.
import { canonical, fingerprint, freshId } from "./canonical.js";
import { openDatabase } from "./database.js";
import { Office } from "./office.js";
import { judge } from "./sync.js";

const list = document.getElementById("checks"), words = JSON.parse(list.dataset.words), verdict = document.getElementById("verdict");
const KNOWN = { marks: { qa: null, talk: "18" }, rubric: 1, sheet: "R1-P1-A00001-E0001", state: "draft" };
const HASH = "2eb88d5c33d2906e713f50b75609feb8e7f94148c0757a8de0d747aa22175cba";
const BADGE = { good: "ok", reduced: "wait", bad: "stop" }, SMALL = 700, SLOW = 5;

async function kept() {
  const registered = await navigator.serviceWorker.register("/tablet/worker.js", { scope: "/tablet/" });
  await Promise.race([navigator.serviceWorker.ready, new Promise((_, refuse) => setTimeout(refuse, 8000))]);
  return Boolean(registered.active ?? registered.waiting ?? registered.installing);
}

async function stored() {
  const database = await openDatabase("check"), value = freshId();
  await database.change((tables) => tables.put("facts", { name: "check", value }));
  const back = await database.get("facts", "check");
  database.close();
  indexedDB.deleteDatabase("rostrum check");
  return back?.value === value;
}

const CHECKS = {
  secure: async () => [isSecureContext ? "good" : "reduced"],
  worker: async () => [navigator.serviceWorker && (await kept().catch(() => false)) ? "good" : "reduced"],
  storage: async () => {
    if (!(await stored().catch(() => false))) return ["bad"];
    return [(await navigator.storage?.persist?.().catch(() => false)) === false ? "reduced" : "good"];
  },
  clock: async (office) => {
    await office.hello();
    const seconds = Math.round(office.offset / 1000);
    return [Math.abs(seconds) > SLOW ? "reduced" : "good", Math.abs(seconds)];
  },
  record: async (office) => {
    const record = { ...KNOWN, uuid: freshId(), base_version: 0, client_time: new Date().toISOString(), hash: fingerprint(KNOWN) };
    if (record.hash !== HASH || canonical({ b: 1, a: "1" }) !== '{"a":"1","b":1}') return ["bad"];
    return [judge(await office.post("/try", record), record) === "received" ? "good" : "bad"];
  },
  version: async (office) => [office.app === list.dataset.app ? "good" : "reduced", office.app],
  touch: async () => [Math.max(screen.width, screen.height) < SMALL ? "reduced" : "good", `${screen.width} × ${screen.height}`],
};

async function run() {
  const office = new Office(), found = [];
  verdict.textContent = words.running;
  verdict.className = "alert warn";
  for (const [name, check] of Object.entries(CHECKS)) {
    const row = list.querySelector(`[data-check=${name}]`), [badge, said] = row.querySelectorAll("span");
    const [state, value] = await check(office).catch(() => ["bad"]);
    badge.textContent = words[state];
    badge.className = `badge ${BADGE[state]}`;
    said.textContent = (words[`${name}_${state}`] ?? "").replace("#", value ?? "");
    found.push(state);
  }
  const worst = found.includes("bad") ? "bad" : found.includes("reduced") ? "reduced" : "good";
  verdict.textContent = words[`all_${worst}`];
  verdict.className = `alert ${{ good: "ok", reduced: "warn", bad: "error" }[worst]}`;
}

document.getElementById("again").addEventListener("click", run);
run();
