// The sheet of one applicant: a row for each item, with a stepper, bands, digits and arrow keys.
import { stepped, total, typed } from "./marks.js";
import { make, put, say, words } from "./words.js";

const NONE = "–";

export class Sheet {
  constructor(place, rubric, changed) {
    this.place = place;
    this.items = rubric.items;
    this.full = rubric.items.reduce((sum, item) => sum + Number(item.full), 0);
    this.changed = changed;
    this.marks = {};
    this.rows = rubric.items.map((item) => this.#row(item));
    place.replaceChildren(...this.rows.map((row) => row.box));
  }

  get blank() { return Object.fromEntries(this.items.map((item) => [item.key, null])); }

  #row(item) {
    const box = document.getElementById("item").content.firstElementChild.cloneNode(true);
    box.dataset.key = item.key;
    const find = (name) => box.querySelector(name), id = `name-${item.key}`;
    find(".name").textContent = item.name;
    find(".name").id = id;
    find(".full").textContent = say("full", item.full);
    find(".prompts").textContent = item.prompts.join(words.comma);
    const mark = find(".mark");
    mark.setAttribute("aria-labelledby", id);
    mark.setAttribute("aria-valuemin", "0");
    mark.setAttribute("aria-valuemax", item.full);
    mark.addEventListener("keydown", (event) => this.#key(event, item));
    for (const button of box.querySelectorAll(".step")) {
      button.addEventListener("click", () => this.set(item, stepped(this.marks[item.key], Number(button.dataset.by), item)));
    }
    const bands = item.bands.map(([word, value]) => make("button", {
      type: "button", class: "band", tabindex: "-1", "data-value": value, "aria-label": `${item.name} ${word} ${value}`,
      onclick: () => this.set(item, value),
    }, make("b", { text: word }), make("small", { text: value })));
    find(".bands").replaceChildren(...bands);
    return { item, box, mark, bands };
  }

  set(item, mark) {
    if (this.locked || mark === null) return;
    this.marks[item.key] = mark;
    this.typing = null;
    this.draw();
    this.changed({ [item.key]: mark });
  }

  #key(event, item) {
    const mark = this.marks[item.key], bands = item.bands.map(([, value]) => value);
    const at = bands.indexOf(mark), last = bands.length - 1;
    const moves = {
      ArrowUp: () => stepped(mark, 1, item), ArrowRight: () => stepped(mark, 1, item),
      ArrowDown: () => stepped(mark, -1, item), ArrowLeft: () => stepped(mark, -1, item),
      PageUp: () => bands[Math.max(0, at < 0 ? last : at - 1)] ?? null, PageDown: () => bands[Math.min(last, at + 1)] ?? null,
      Home: () => "0", End: () => stepped(item.full, 0, item),
    };
    if (moves[event.key]) this.set(item, moves[event.key]());
    else if (/^[\d.]$/.test(event.key)) this.#digit(event.key, item);
    else return;
    event.preventDefault();
  }

  // Digits that follow each other within two seconds are one mark.
  #digit(digit, item) {
    const now = Date.now(), before = this.typing?.key === item.key && now - this.typing.at < 2000 ? this.typing.text : "";
    const text = typed(before + digit, item) !== null || (before + digit).endsWith(".") ? before + digit : digit;
    const mark = typed(text, item);
    if (mark !== null) this.set(item, mark);
    this.typing = { key: item.key, at: now, text };
  }

  show(marks, locked) {
    this.marks = { ...this.blank, ...marks };
    this.locked = locked;
    this.draw();
  }

  draw() {
    for (const { item, box, mark, bands } of this.rows) {
      const value = this.marks[item.key];
      put(mark, value ?? NONE);
      box.classList.toggle("blank", value === null);
      if (value !== null) box.classList.remove("hole");
      mark.setAttribute("aria-valuetext", value ?? words.not_scored);
      if (value === null) mark.removeAttribute("aria-valuenow"); else mark.setAttribute("aria-valuenow", value);
      mark.setAttribute("aria-disabled", String(Boolean(this.locked)));
      for (const band of bands) band.setAttribute("aria-pressed", String(band.dataset.value === value));
      for (const button of box.querySelectorAll("button")) button.disabled = Boolean(this.locked);
    }
    const { sum, holes } = total(this.marks, this.items);
    put(document.getElementById("total"), sum ?? NONE);
    put(document.getElementById("holes"), holes && !this.locked ? say("holes", holes) : "");
  }

  // Mark what is not scored yet; the names of it.
  holes() {
    const open = this.rows.filter(({ item }) => this.marks[item.key] === null);
    for (const row of this.rows) row.box.classList.toggle("hole", open.includes(row));
    open[0]?.box.scrollIntoView({ block: "nearest", behavior: "smooth" });
    return open.map(({ item }) => item.name);
  }
}
