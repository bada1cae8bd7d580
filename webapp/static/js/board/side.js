// The side panel: what is chosen, where else it can go ranked with its price, why not elsewhere; and the price of a move.
import { element, say } from "./words.js";

const preview = document.getElementById("preview"), chosen = document.getElementById("chosen");

export const signed = (n) => (n > 0 ? `+${n}` : `−${-n}`);
export const levels = (rows) => (rows.length ? rows.map(({ word, by }) => `${word} ${signed(by)}`).join(say("comma")) : say("same"));
export const better = (rows) => rows.length > 0 && rows[0].by < 0;

export function priceBox(answer, title) {
  if (answer.error) return element("div", { className: "alert error" }, element("p", { textContent: answer.error }));
  const bad = answer.broken.length;
  const box = element("div", { className: `alert ${bad ? "error" : better(answer.levels) || !answer.levels.length ? "ok" : "warn"}` });
  if (title) box.append(element("b", { textContent: title }));
  box.append(element("p", { textContent: bad ? say("breaks", { n: bad }) : say("fits") }));
  if (bad) box.append(element("ul", {}, ...answer.broken.slice(0, 4).map((text) => element("li", { textContent: text }))));
  if (bad > 4) box.append(element("p", { textContent: say("and-more", { n: bad - 4 }) }));
  if (answer.mended.length) box.append(element("p", { textContent: say("mends", { n: answer.mended.length }) }));
  box.append(element("p", { className: "levels-line", textContent: levels(answer.levels) }));
  return box;
}

export function show(answer, title) { preview.replaceChildren(...(answer ? [priceBox(answer, title)] : [])); }
export const clear = () => preview.replaceChildren();
export function forget() { clear(); chosen.replaceChildren(element("p", { className: "muted", textContent: say("hint") })); }

// By keyboard: to what is chosen, then its buttons; and which of them has just been pressed.
export const enter = () => document.getElementById("chosen-title")?.focus();
const row = () => [...chosen.querySelectorAll(".row button")];
export const pressed = () => row().indexOf(document.activeElement);
export const button = (n) => row()[n];

// head: title and buttons of the chosen thing; what follows comes when the server answers.
export function choose(title, facts, buttons) {
  clear();
  const list = element("div", { id: "places" }, element("p", { className: "muted", textContent: say("asking") }));
  chosen.replaceChildren(
    element("h2", { id: "chosen-title", tabIndex: -1, textContent: title }),
    ...facts.map((text) => element("p", { className: "muted", textContent: text })),
    element("div", { className: "row" }, ...buttons), list);
}

export function instead(text) { document.getElementById("places")?.replaceChildren(element("p", { textContent: text })); }

// Where an applicant or a sitting can go; of an expert's seat, who can take it.
export function places(answer, apply, everyDay, seat = false) {
  const list = document.getElementById("places");
  if (!list) return;
  if (!answer.places) { list.replaceChildren(element("p", { className: "alert error", textContent: answer.error ?? say("offline") })); return; }
  const go = answer.places.map((place) => {
    const button = element("button", { type: "button", className: "place" },
      element("span", { textContent: place.text }), element("small", { textContent: levels(place.levels), className: better(place.levels) ? "good" : "" }));
    button.addEventListener("click", () => apply(place.moves));
    return element("li", {}, button);
  });
  const bars = answer.barred.map((one) => element("li", {}, element("b", { textContent: one.text }), element("span", { textContent: one.reasons.join(say("semicolon")) })));
  list.replaceChildren(
    element("h3", { textContent: say(seat ? "who" : "to", { n: answer.places.length }) }),
    go.length ? element("ol", { className: "places" }, ...go) : element("p", { textContent: say(seat ? "nobody" : everyDay ? "nowhere-today" : "nowhere") }),
    answer.more ? element("p", { className: "muted", textContent: say(seat ? "more-who" : "more", { n: answer.more }) }) : "",
    everyDay ?? "",
    bars.length ? element("details", { open: !go.length }, element("summary", { textContent: say(seat ? "barred-who" : "barred", { n: bars.length }) }), element("ul", { className: "barred" }, ...bars)) : "");
}
