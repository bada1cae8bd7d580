// Finding somebody on any day: the list of people is fetched once, when it is first wanted, and stays on this page.
import { ask } from "./api.js";
import { element, say } from "./words.js";

const box = document.getElementById("find"), list = document.getElementById("found");
const MOST = 8;
let people = null, at = -1;

export function finding(number, go) {
  box.addEventListener("focus", () => load(number()).then(() => draw(go)));
  box.addEventListener("input", () => draw(go));
  box.addEventListener("keydown", (event) => {
    const rows = [...list.children];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % Math.max(1, rows.length);
      for (const [n, row] of rows.entries()) row.setAttribute("aria-selected", n === at);
      box.setAttribute("aria-activedescendant", rows[at]?.id ?? "");
    } else if (event.key === "Enter") { event.preventDefault(); rows[Math.max(0, at)]?.click(); }
    else if (event.key === "Escape") close();
  });
  box.addEventListener("blur", () => setTimeout(close, 150));
}

export const forgetPeople = () => { people = null; };

async function load(number) {
  if (people) return;
  const answer = await ask(number, "people");
  if (!answer?.applicants) return;
  const rows = (found, kind) => found.map(([code, name, employer, about, day, room, start, pinyin]) => ({ kind, code, name, employer, about, day, room, start, words: `${name} ${code} ${employer} ${pinyin}`.toLowerCase() }));
  people = [...rows(answer.applicants, "applicant"), ...rows(answer.experts, "expert")];
}

function draw(go) {
  const wanted = box.value.trim().toLowerCase();
  const found = wanted && people ? people.filter((p) => p.words.includes(wanted)).slice(0, MOST) : [];
  at = -1;
  list.replaceChildren(...found.map((person, n) => {
    const row = element("li", { id: `found-${n}`, role: "option" },
      element("b", { textContent: person.name }), element("span", { className: "muted", textContent: ` ${person.code} ${person.employer} ${person.about} ${person.day ? "" : say(person.kind === "expert" ? "uncalled" : "unscheduled")}` }));
    row.addEventListener("mousedown", (event) => event.preventDefault());
    row.addEventListener("click", () => { close(); box.value = ""; go(person); });
    return row;
  }));
  list.hidden = !found.length;
  box.setAttribute("aria-expanded", String(found.length > 0));
}
function close() { list.hidden = true; box.setAttribute("aria-expanded", "false"); }
