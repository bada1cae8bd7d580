// A hall's table that is longer than its screen turns page by page; who was called just now is always on the page shown.
const TURN = 8000;
const wide = matchMedia("(min-width: 701px)"); // on a phone one scrolls
let page = 0, timer = 0;

/** Rows of these heights in pages of at most `room`; a row taller than that has one to itself. */
export function paged(heights, room) {
  const pages = [];
  let left = -1;
  for (const [n, height] of heights.entries()) {
    if (left < height) { pages.push([]); left = room; }
    pages.at(-1).push(n);
    left -= height;
  }
  return pages;
}

function room(body) {
  const foot = document.querySelector(".foot"), under = foot.offsetHeight + 2 * parseFloat(getComputedStyle(foot).marginTop);
  return innerHeight - body.getBoundingClientRect().top - scrollY - under;
}

function show() {
  clearTimeout(timer);
  const body = document.querySelector("[data-pages] tbody"), sign = document.querySelector("[data-page]");
  if (!body) return;
  const rows = [...body.rows];
  for (const row of rows) row.hidden = false;
  const pages = wide.matches ? paged(rows.map((row) => row.offsetHeight), room(body)) : [];
  sign.hidden = pages.length < 2;
  if (sign.hidden) return;
  page %= pages.length;
  rows.forEach((row, n) => { row.hidden = !pages[page].includes(n); });
  sign.textContent = sign.dataset.page.replace("#", page + 1).replace("#", pages.length);
  timer = setTimeout(() => { page += 1; show(); }, TURN);
}

// A fresh call: its page now, whichever was shown.
function turnTo() {
  show();
  const row = document.querySelector("[data-pages] .fresh")?.closest("tr");
  for (let tries = 0; row?.hidden && tries < 100; tries += 1) { page += 1; show(); }
}

if (globalThis.document) {
  show();
  document.addEventListener("rostrum:fresh", turnTo);
  window.addEventListener("resize", show);
  document.fonts?.ready.then(show);
}
