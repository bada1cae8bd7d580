// Tables. All of class data scroll by themselves where they are too wide. Those marked data-tools sort by a header, filter by
// words, count and copy to Excel here; long ones do it on the server (services/listing.py) and only copy here.
const words = document.currentScript.dataset;

function element(name, properties = {}) { return Object.assign(document.createElement(name), properties); }
const text = (cell) => (cell?.innerText ?? "").trim();

function copyText(value) { // works on plain HTTP too, where navigator.clipboard is missing
  const area = element("textarea", { value });
  document.body.append(area); area.select();
  const done = document.execCommand("copy"); area.remove();
  return done;
}
function tell(button, said) { const was = words.copy; button.textContent = said; setTimeout(() => { button.textContent = was; }, 2500); }

function sort(table, column, header) {
  const down = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down === 1 ? "ascending" : "descending");
  const order = new Intl.Collator("zh-CN", { numeric: true });
  const rows = [...table.tBodies[0].rows].sort((a, b) => down * order.compare(text(a.cells[column]), text(b.cells[column])));
  table.tBodies[0].append(...rows);
}

function tools(table) {
  const bar = element("div", { className: "row tools" });
  const box = element("input", { type: "search", placeholder: words.filter, ariaLabel: words.filter, className: "short" });
  const count = element("span", { className: "muted" }), copy = element("button", { type: "button", className: "button quiet", textContent: words.copy });
  const shown = () => [...table.tBodies[0].rows].filter((row) => !row.hidden);
  const draw = () => { count.textContent = words.count.replace("#", shown().length); };
  box.addEventListener("input", () => {
    const wanted = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of table.tBodies[0].rows) row.hidden = !wanted.every((word) => row.textContent.toLowerCase().includes(word));
    draw();
  });
  copy.addEventListener("click", () => {
    const lines = [table.tHead.rows[0], ...shown()].map((row) => [...row.cells].map((cell) => text(cell).replace(/\s+/g, " ")).join("\t"));
    tell(copy, copyText(lines.join("\n")) ? words.copied : words.failed);
  });
  bar.append(box, count, copy); table.before(bar); draw();
  for (const [column, header] of [...table.tHead.rows[0].cells].entries()) {
    const button = element("button", { type: "button", className: "sorter" });
    button.append(...header.childNodes); header.append(button);
    button.addEventListener("click", () => sort(table, column, header));
  }
}

// Where a table is wider than its place, a frame scrolls it and keeps header and first column in sight.
const frames = new ResizeObserver((seen) => { for (const { target } of seen) measure(target); });
function measure(frame) {
  frame.classList.remove("wide");
  const wide = frame.scrollWidth > frame.clientWidth + 1;
  frame.classList.toggle("wide", wide);
  if (wide) frame.tabIndex = 0; else frame.removeAttribute("tabindex");
}
function framed(table) {
  const frame = element("div", { className: "sheet" });
  frame.setAttribute("role", "group"); frame.setAttribute("aria-label", table.caption?.innerText ?? document.querySelector("h1")?.innerText ?? words.count.replace("#", table.rows.length));
  table.before(frame); frame.append(table); frames.observe(frame);
}
function dress(place) {
  for (const table of place.querySelectorAll("table[data-tools]")) if (!table.querySelector("td[data-none]")) tools(table);
  for (const table of place.querySelectorAll("table.data")) if (!table.closest(".sheet, .scroll")) framed(table);
}
dress(document);
for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", async () => {
  const answer = await fetch(button.dataset.copy).catch(() => null);
  tell(button, answer?.ok && !answer.redirected && copyText(await answer.text()) ? words.copied : words.failed);
});
for (const form of document.querySelectorAll("form[data-now]")) form.addEventListener("change", (event) => { if (event.target.matches("select")) form.requestSubmit(); });
for (const all of document.querySelectorAll("[data-tick-all]")) all.addEventListener("change", () => { for (const box of all.form.querySelectorAll("[data-tick]")) box.checked = all.checked; });
document.querySelector(".top nav [aria-current], .tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" }); // a phone's menu scrolls
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
