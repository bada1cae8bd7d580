// The page's sentences, in the language it was made in; and the few shapes every part of it builds.
const place = document.getElementById("words");
export const words = JSON.parse(place.dataset.words);

// words.still = "还差 # 项" → say("still", 2); several places are filled in order.
export const say = (name, ...values) => values.reduce((text, value) => text.replace("#", value), words[name]);

export const clock = (text) => text.slice(11, 16);

export function day(text) {
  const at = new Date(`${text.slice(0, 10)}T12:00:00`), half = text.slice(11, 13) < "12" ? "morning" : text.slice(11, 13) < "18" ? "afternoon" : "evening";
  return `${say("day", at.getMonth() + 1, at.getDate())} ${words[half]}`;
}

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

// Change what is there only where it differs: no jump, no flicker, and a screen reader hears only news.
export function put(node, text, hidden = false) {
  if (node.textContent !== text) node.textContent = text;
  if (node.hidden !== hidden) node.hidden = hidden;
}
