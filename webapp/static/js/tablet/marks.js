// Marks are decimal strings; sums and steps are counted in whole units, so that 0.1 + 0.2 is 0.3.
const places = (text) => (String(text).split(".")[1] ?? "").length;

const units = (text, digits) => {
  const [whole, part = ""] = String(text).split(".");
  return Number(whole + part.padEnd(digits, "0").slice(0, digits));
};

export function shown(count, digits) {
  if (!digits) return String(count);
  const text = String(count).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, "") || "0";
}

// The mark `by` steps further, from 0 to the last step under the full mark; from nothing the first step is the lowest.
export function stepped(mark, by, { full, step }) {
  const digits = Math.max(places(step), places(full), places(mark ?? "0"));
  const one = units(step, digits), most = Math.floor(units(full, digits) / one) * one;
  const at = mark === null ? (by > 0 ? -one : most + one) : units(mark, digits);
  const next = by > 0 ? (Math.floor(at / one) + by) * one : (Math.ceil(at / one) + by) * one;
  return shown(Math.min(most, Math.max(0, next)), digits);
}

// A mark as typed, or null where it is none of this item.
export function typed(text, { full, step }) {
  if (!/^\d{1,4}(\.\d{1,4})?$/.test(text)) return null;
  const digits = Math.max(places(step), places(full), places(text));
  const count = units(text, digits);
  return count <= units(full, digits) && count % units(step, digits) === 0 ? shown(count, digits) : null;
}

// The sum, and how many items are not scored.
export function total(marks, items) {
  const values = items.map((item) => marks[item.key] ?? null), scored = values.filter((mark) => mark !== null);
  const digits = Math.max(0, ...scored.map(places));
  const sum = scored.reduce((all, mark) => all + units(mark, digits), 0);
  return { sum: scored.length ? shown(sum, digits) : null, holes: values.length - scored.length };
}
