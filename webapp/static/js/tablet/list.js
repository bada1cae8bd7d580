// The panel's list in order: who, when, what state, one's own totals so far.
import { total } from "./marks.js";
import { clock, day, make, words, say } from "./words.js";

const OFFICE = { none: "none", draft: "draft", typed: "typed", submitted: "submitted" };

// One line's state: its word and the badge it wears.
export function state(line, queue, marks, items) {
  const waiting = queue.some((row) => row.sheet === line.key);
  if (line.closed === "recused") return ["recused", "stop"];
  if (line.closed === "not_heard") return [`outcome_${line.outcome}`, "stop"];
  if (queue.some((row) => row.sheet === line.key && row.conflict) || line.kept.length) return ["twice", "stop"];
  if (waiting) return ["local", "wait"];
  if (line.state === "draft") return total(marks, items).holes ? ["draft", "wait"] : ["unsubmitted", "wait"];
  return [OFFICE[line.state], { submitted: "ok", typed: "wait" }[line.state] ?? ""];
}

export function drawList(place, view, { queue, marksOf, shown, choose }) {
  const items = view.rubric.items, nodes = [];
  for (const sitting of view.sittings) {
    nodes.push(make("li", { class: "half", text: `${day(sitting.start)} · ${sitting.room} · ${sitting.panel}` }));
    for (const line of sitting.sheets) {
      const marks = marksOf(line), [word, badge] = state(line, queue, marks, items), sum = total(marks, items);
      const missing = word === "draft" && sum.sum !== null ? say("holes", sum.holes) : ""; // in the badge: a line of its own would push the list down
      nodes.push(make("li", {}, make("button", {
        type: "button", class: "person", "data-key": line.key, "aria-current": line.key === shown ? "true" : false, onclick: () => choose(line.key),
      },
      make("b", { text: line.name }),
      make("span", { class: "sum", text: sum.sum ?? "" }),
      make("span", { class: "when", text: clock(line.start) }, line.call && make("span", { class: "badge now", text: words[`phase_${line.call.phase}`] })),
      make("span", { class: `badge ${badge}`, text: missing || words[word] }))));
    }
  }
  const focused = document.activeElement?.dataset?.key;
  place.replaceChildren(...nodes);
  if (focused) [...place.querySelectorAll("button")].find((button) => button.dataset.key === focused)?.focus();
}

// One's own totals beside each other, so that the last is measured as the first was.
export function drawBalance(place, summary, view, marksOf) {
  const items = view.rubric.items, full = items.reduce((sum, item) => sum + Number(item.full), 0);
  const lines = view.sittings.flatMap((sitting) => sitting.sheets).filter((line) => !["recused", "not_heard"].includes(line.closed));
  const rows = lines.map((line) => ({ line, ...total(marksOf(line), items) }));
  const whole = rows.filter((row) => !row.holes).map((row) => Number(row.sum)), left = lines.filter((line) => line.state !== "submitted").length;
  const mean = whole.length ? (whole.reduce((sum, mark) => sum + mark, 0) / whole.length).toFixed(1) : null;
  summary.textContent = !lines.length ? "" : (left ? say("left", left) : words.none_left) + (mean === null ? "" : ` · ${say("balance", whole.length, mean, Math.max(...whole), Math.min(...whole))}`);
  place.replaceChildren(...rows.filter((row) => row.sum !== null).map((row) => {
    const bar = make("span", { class: row.holes ? "bar part" : "bar" });
    bar.style.width = `${(Number(row.sum) / full) * 100}%`;
    return make("li", {}, make("span", { text: row.line.name }), make("span", { class: "track" }, bar), make("b", { text: row.sum + (row.holes ? " …" : "") }));
  }));
}

// The chair's own: the panel's sheets, which are signed where they stand, and what waits for an answer.
export function drawChair(place, view) {
  const link = (href, text, kind = "quiet") => make("a", { class: `button ${kind}`, href, text });
  place.hidden = !view.chair.length;
  place.replaceChildren(...view.chair.flatMap((panel) => [make("p", { class: "row" },
    link(`/tablet/panel/${encodeURIComponent(panel.panel)}`, `${words.panel_sheets} ${panel.panel}`),
    link("/tablet/notes", words.notes),
    panel.unlocks ? link("/tablet/unlocks", `${words.unlocks} ${panel.unlocks}`, "primary") : link("/tablet/unlocks", words.unlocks),
    panel.paper && link("/tablet/paper", `${words.paper} ${panel.paper}`, "primary"),
    panel.versions && link("/tablet/versions", `${words.versions} ${panel.versions}`, "primary"),
    panel.signed && make("span", { class: "badge ok", text: words.signed }),
    panel.closed && !panel.signed && link(`/tablet/panel/${encodeURIComponent(panel.panel)}#sign`, say("sign", panel.panel), "primary to-sign"))]));
}
