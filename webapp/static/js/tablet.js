// One sheet: steppers and bands set marks; each change is kept on the tablet, then sent; only a matching receipt is green.
import { sha256 } from "./sha256.js";

const sheet = document.getElementById("sheet");
const state = document.getElementById("state");
const box = `rostrum:${sheet.dataset.sheet}`;
const marks = {};
let version = Number(sheet.dataset.version), sending = false, timer = 0;

const canonical = (v) => v && typeof v === "object"
  ? `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`).join(",")}}` : JSON.stringify(v);
function uuid() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
function show(name) {
  document.getElementById("rescue").hidden = name !== "failed";
  state.textContent = state.dataset[name];
  state.className = `badge ${name === "received" ? "ok" : name === "failed" ? "stop" : "wait"}`;
}
function draw() {
  let total = 0, holes = 0;
  for (const item of document.querySelectorAll(".item")) {
    const mark = marks[item.dataset.key];
    item.querySelector(".mark").textContent = mark ?? "–";
    for (const band of item.querySelectorAll(".band")) band.classList.toggle("chosen", band.dataset.value === mark);
    if (mark === null) holes += 1; else total += Number(mark);
  }
  document.getElementById("total").textContent = holes === document.querySelectorAll(".item").length ? "–" : String(total);
}
function problem(text) {
  const place = document.getElementById("problem");
  place.textContent = text ?? ""; place.hidden = !text;
}
function keep(kind) {
  const core = { marks: { ...marks }, rubric: Number(sheet.dataset.rubric), sheet: sheet.dataset.sheet, state: kind };
  const record = { ...core, uuid: uuid(), base_version: version, client_time: new Date().toISOString(), hash: sha256(canonical(core)) };
  try { localStorage.setItem(box, JSON.stringify(record)); show("local"); } catch { show("unsaved"); }
  clearTimeout(timer); timer = setTimeout(() => send(record), kind === "submitted" ? 0 : 300);
}
async function send(record) {
  if (sending) { timer = setTimeout(() => send(record), 200); return; }
  sending = true; show("sending");
  record.base_version = version;
  try {
    const answer = await fetch(sheet.dataset.post, { method: "POST", redirect: "error", headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": sheet.dataset.token }, body: JSON.stringify(record) });
    const receipt = await answer.json();
    if ((answer.status === 201 || answer.status === 200) && receipt.uuid === record.uuid && receipt.hash === record.hash) {
      version = receipt.version;
      const kept = JSON.parse(localStorage.getItem(box) ?? "null");
      if (kept?.uuid === record.uuid) { localStorage.removeItem(box); show("received"); }
      problem();
      if (record.state === "submitted") window.location.assign(window.location.pathname);
    } else if (answer.status >= 500) { show("failed"); retry(record); } else { show("unsaved"); problem(receipt.error); }
  } catch { show("failed"); retry(record); }
  sending = false;
}
// Last resort: this expert's unsent records as a file for the office; another expert's on the same tablet stay out of it.
function unsentRecords() {
  const [mine] = sheet.dataset.sheet.split("-").slice(-1), round = sheet.dataset.sheet.split("-")[0];
  return Object.keys(localStorage).filter((key) => key.startsWith(`rostrum:${round}-`) && key.endsWith(`-${mine}`))
    .map((key) => JSON.parse(localStorage.getItem(key)));
}
document.getElementById("save").addEventListener("click", () => {
  const text = JSON.stringify({ records: unsentRecords() }, null, 1);
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: `rostrum-${sheet.dataset.sheet}.json` });
  link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 10000);
});
function retry(record) { clearTimeout(timer); timer = setTimeout(() => send(record), 8000 + Math.random() * 4000); }

for (const item of document.querySelectorAll(".item")) {
  const { key, full, step, mark } = item.dataset;
  marks[key] = mark === "" ? null : mark;
  for (const button of item.querySelectorAll(".step")) button.addEventListener("click", () => {
    const next = Math.min(Number(full), Math.max(0, Number(marks[key] ?? 0) + Number(step) * Number(button.dataset.by)));
    marks[key] = String(Number(next.toFixed(2))); item.classList.remove("hole"); draw(); keep("draft");
  });
  for (const button of item.querySelectorAll(".band")) button.addEventListener("click", () => {
    marks[key] = button.dataset.value; item.classList.remove("hole"); draw(); keep("draft");
  });
}
const unsent = JSON.parse(localStorage.getItem(box) ?? "null");
if (unsent && sheet.dataset.locked === "0") { Object.assign(marks, unsent.marks); show("local"); send(unsent); }
draw();
const submit = document.getElementById("submit");
function complete() {
  const items = [...document.querySelectorAll(".item")], open = items.filter((item) => marks[item.dataset.key] === null);
  for (const item of items) item.classList.toggle("hole", open.includes(item));
  problem(open.length ? submit.dataset.holes.replace("#", open.map((item) => item.dataset.name).join("、")) : "");
  return open.length === 0;
}
submit?.addEventListener("click", () => {
  if (!complete()) return;
  if (submit.dataset.armed) { keep("submitted"); return; }
  const text = submit.textContent;
  submit.dataset.armed = "1"; submit.textContent = submit.dataset.again;
  setTimeout(() => { delete submit.dataset.armed; submit.textContent = text; }, 4000);
});
