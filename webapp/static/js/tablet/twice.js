// Two versions of a sheet that is not submitted: its expert looks at them side by side and decides.
import { total } from "./marks.js";
import { make, say, words } from "./words.js";

const when = (text) => new Date(text).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

function from(version, mine, expert) {
  if (mine.includes(version.uuid)) return words.this_tablet;
  return version.by === expert ? words.other_tablet : words.typed_in;
}

export function drawTwice(place, line, { view, queue, office, decide }) {
  const items = view.rubric.items, expert = `expert:${view.expert.split("-")[1]}`;
  const held = queue.filter((row) => row.sheet === line.key && row.conflict);
  const mine = held.map((row) => row.record.uuid);
  const known = line.kept.map((version) => version.uuid);
  const local = held.filter((row) => !known.includes(row.record.uuid)).map((row) => ({ ...row.record, by: expert, at: row.record.client_time }));
  const kept = [...line.kept, ...local].map((version) => ({ ...version, title: from(version, mine, expert), note: when(version.at) }));
  const now = { uuid: "", marks: office?.marks ?? line.marks, title: words.office_has, note: say("version", office?.version ?? line.version) };
  const byExpert = line.state === "draft" || line.state === "none";
  place.hidden = false;
  place.querySelector("p").textContent = byExpert ? words.twice_text : words.twice_others;
  place.querySelector(".versions").replaceChildren(...[now, ...kept].map((version) => make("section", { class: "card" },
    make("h3", { text: version.title }), make("p", { class: "muted", text: version.note }),
    make("dl", {}, ...items.flatMap((item) => [make("dt", { text: item.name }), make("dd", {
      text: version.marks[item.key] ?? "–", class: (version.marks[item.key] ?? null) === (now.marks[item.key] ?? null) ? "" : "other",
    })])),
    make("p", { class: "big", text: `${words.total} ${total(version.marks, items).sum ?? "–"}` }),
    byExpert && make("button", { type: "button", class: "button primary", text: words.use_this, onclick: () => decide(version.uuid) }))));
}
