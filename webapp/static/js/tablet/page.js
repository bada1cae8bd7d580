// What the page shows: the bar with the saving state, the list, the applicant's head line, the foot of the sheet.
import { reading, serverNow } from "../clock.js";
import { drawBalance, drawChair, drawList } from "./list.js";
import { drawTwice } from "./twice.js";
import { put, say, words } from "./words.js";

const at = (id) => document.getElementById(id);
const BADGES = { received: "ok", refused: "stop", twice: "stop", none: "", unsaved: "stop" };

export class Page {
  constructor(desk, acts) {
    Object.assign(this, { desk, acts, key: null });
    at("round").textContent = desk.view.round;
    at("expert").textContent = desk.view.name;
    at("full").textContent = String(acts.sheet.full);
    at("rehearsal").hidden = !desk.view.rehearsal;
    at("prompts").replaceChildren(...desk.view.prompts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  get line() { return this.desk.lines.find((line) => line.key === this.key) ?? null; }

  get current() { return this.desk.lines.find((line) => line.call) ?? null; }

  get following() {
    const lines = this.desk.lines, from = lines.findIndex((line) => line.key === this.key);
    return [...lines.slice(from + 1), ...lines.slice(0, from)].find((line) => !this.desk.shut(line)) ?? null;
  }

  // Where the page opens: who is in the room, else the first sheet that is open.
  first() { return (this.current ?? this.desk.lines.find((line) => !this.desk.shut(line)) ?? this.desk.lines[0])?.key ?? null; }

  draw() {
    this.key ??= this.first();
    const { desk, line } = this;
    const common = { queue: desk.look.queue, marksOf: desk.marksOf, shown: this.key, choose: this.acts.choose };
    drawList(at("people"), desk.view, common);
    drawBalance(at("balance"), at("summary"), desk.view, desk.marksOf);
    drawChair(at("chair"), desk.view);
    // Who is another panel's by now leaves no other one's sheet in their place: a tap was meant for them.
    put(at("nothing"), words[desk.lines.length ? "gone" : "no_sheets"], Boolean(line));
    at("sheet").hidden = at("state").hidden = !line;
    put(at("unsent"), say("unsent", desk.unsent), !desk.unsent);
    at("rescue").hidden = !(desk.sync.failures && desk.look.queue.length);
    if (line) this.#sheet(line);
  }

  #sheet(line) {
    const { desk } = this, shut = desk.shut(line), current = this.current;
    put(at("name"), line.name);
    put(at("about"), [line.code, ...line.about].filter((text) => text !== line.name).join(" · "));
    put(at("to-current"), current ? say("to_current", current.name) : "", !current || current.key === line.key);
    this.acts.sheet.show(desk.marksOf(line), Boolean(shut));
    at("items").hidden = shut === "twice";
    at("twice").hidden = shut !== "twice";
    if (shut === "twice") {
      drawTwice(at("twice"), line, { view: desk.view, queue: desk.look.queue, office: desk.look.sheets.get(line.key), decide: this.acts.decide });
    }
    this.#foot(line, shut);
    this.#saving(line);
    this.tick();
  }

  #foot(line, shut) {
    at("slide").hidden = Boolean(shut);
    const kept = ["shut", "over"].includes(shut) && line.state === "submitted" ? "submitted" : shut; // who handed in wants to read that
    const done = this.desk.submitting(line) ? "on_its_way" : kept;
    put(at("closed"), done ? words[`shut_${done}`] ?? "" : "", !shut);
    at("closed").className = `badge ${done === "submitted" ? "ok" : "wait"}`;
    at("take-back").hidden = !(line.may_take_back && shut === "submitted" && done === shut);
    const next = shut && shut !== "twice" ? this.following : null;
    put(at("next"), next ? say("next", next.name) : "", !next);
    at("recuse-open").hidden = Boolean(shut) || line.state === "submitted";
    const remark = at("remark");
    if (document.activeElement !== remark) remark.value = this.desk.remarkOf(line);
    remark.disabled = line.closed === "recused" || line.closed === "over";
  }

  #saving(line) {
    const name = this.desk.standing(line), badge = at("state");
    put(badge, words[`state_${name}`]);
    badge.className = `badge ${BADGES[name] ?? "wait"}`;
    const refused = this.desk.look.queue.find((row) => row.sheet === line.key && row.refused && !row.conflict)?.refused;
    const problem = this.desk.broken ? words.disk : refused ? say("refused", refused) : "";
    if (!at("problem").dataset.holes || problem) { put(at("problem"), problem, !problem); delete at("problem").dataset.holes; }
  }

  // The talk or the answers, to the second of the server.
  tick() {
    const call = this.line?.call, place = at("clock");
    if (!call) { put(place, "", true); return; }
    const seen = call.clock ? reading(call.clock, serverNow()) : { text: "", state: "" };
    put(place, `${words[`phase_${call.phase}`]} ${seen.text}`);
    place.className = `clock ${seen.state}`;
  }

  say(text) {
    put(at("problem"), text, !text);
    at("problem").dataset.holes = "1";
  }

  notice(id, text) { put(at(id), text, !text); }
}
