// Tables marked data-tools: sort by a header, filter by words, count, copy to Excel. Without script they are plain tables.
const words = document.currentScript.dataset;

function element(name, properties = {}) { return Object.assign(document.createElement(name), properties); }
const text = (cell) => (cell?.innerText ?? "").trim();

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
  copy.addEventListener("click", async () => {
    const lines = [table.tHead.rows[0], ...shown()].map((row) => [...row.cells].map((cell) => text(cell).replace(/\s+/g, " ")).join("\t"));
    const area = element("textarea", { value: lines.join("\n") });
    document.body.append(area); area.select(); document.execCommand("copy"); area.remove(); // works on plain HTTP too
    copy.textContent = words.copied; setTimeout(() => { copy.textContent = words.copy; }, 1500);
  });
  bar.append(box, count, copy); table.before(bar); draw();
  for (const [column, header] of [...table.tHead.rows[0].cells].entries()) {
    const button = element("button", { type: "button", className: "sorter" });
    button.append(...header.childNodes); header.append(button);
    button.addEventListener("click", () => sort(table, column, header));
  }
}
for (const table of document.querySelectorAll("table[data-tools]")) if (!table.querySelector("td[data-none]")) tools(table);
document.querySelector(".top nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" }); // a phone's menu scrolls
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
