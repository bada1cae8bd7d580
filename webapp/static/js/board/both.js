// Dialogs that keep a change: rules that would break, and two people at once. Nothing is lost by closing them.
import { element, say } from "./words.js";
import { levels, priceBox } from "./side.js";

const dialog = document.getElementById("both");

function open(title, parts, buttons) {
  return new Promise((done) => {
    const row = element("div", { className: "row" }, ...buttons.map(([word, text, look], at) => {
      const button = element("button", { type: "button", className: `button ${look}`, textContent: text, autofocus: at === 0 });
      button.addEventListener("click", () => { dialog.close(); done(word); });
      return button;
    }));
    dialog.replaceChildren(element("h2", { id: "both-title", textContent: title }), ...parts, row);
    dialog.addEventListener("cancel", () => done(null), { once: true });
    dialog.showModal();
  });
}

// Rules would break: "anyway", "free" (lift the pins that are in the way) or nothing.
export function breaks(answer, pinned) {
  const buttons = [["no", say("leave"), "primary"]];
  if (pinned) buttons.push(["free", say("free"), ""]);
  buttons.push(["anyway", say("anyway"), "danger"]);
  const list = element("ul", {}, ...answer.broken.map((text) => element("li", { textContent: text })));
  return open(answer.error, [list, element("p", { className: "levels-line", textContent: levels(answer.levels) }), element("p", { className: "muted", textContent: say("kept-broken") })], buttons);
}

// Somebody was quicker: both changes side by side. "again" tries mine on what there is now, "apart" in a draft of its own.
export function both(answer, mine) {
  const theirs = element("ul", {}, ...answer.theirs.map(({ by, at, said }) => element("li", {}, element("b", { textContent: `${by} ${at}` }), element("span", { textContent: said }))));
  const left = element("section", { className: "card" }, element("h3", { textContent: say("theirs", { n: answer.number }) }), theirs);
  const right = element("section", { className: "card" }, element("h3", { textContent: say("mine") }));
  if (mine) {
    right.append(element("p", { textContent: answer.mine.said }));
    right.append(answer.mine.refused ? element("p", { className: "alert error", textContent: answer.mine.refused }) : priceBox(answer.mine, say("now-costs")));
  }
  const buttons = mine && !answer.mine.refused ? [["again", say("again"), "primary"]] : [["look", say("look"), "primary"]];
  if (mine && !answer.same) buttons.push(["apart", say("apart"), ""]);
  buttons.push(["no", say("drop"), "quiet"]);
  return open(say("both"), [element("p", { textContent: answer.error }), element("div", { className: "two" }, left, right)], buttons);
}
