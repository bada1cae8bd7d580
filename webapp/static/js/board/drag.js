// Dragging by pointer events, mouse and touch alike. A finger that lies still for a moment drags; one that moves scrolls.
const STILL = 280, FAR = 6, EDGE = 48;
let held = null, ghost = null, timer = 0, from = null, point = null, frame = 0;

// calls: take(node) begins and may refuse with null; over(node under the pointer), drop(node), stop().
export function draggable(root, selector, calls) {
  ghost = document.getElementById("ghost");
  root.addEventListener("pointerdown", (event) => {
    const node = event.target.closest(selector);
    if (!node || event.button !== 0 || held) return;
    from = { x: event.clientX, y: event.clientY, node, id: event.pointerId };
    if (event.pointerType !== "mouse") timer = setTimeout(() => begin(calls), STILL);
  });
  document.addEventListener("pointermove", (event) => {
    if (!from || event.pointerId !== from.id) return;
    point = { x: event.clientX, y: event.clientY };
    const far = Math.hypot(point.x - from.x, point.y - from.y) > FAR;
    if (!held && far && event.pointerType === "mouse") begin(calls);
    else if (!held && far) forget();
    if (held) follow(calls);
  });
  document.addEventListener("pointerup", (event) => {
    if (!from || event.pointerId !== from.id) return;
    if (held) { const node = under(); quiet(); end(); calls.drop(node); }
    forget();
  });
  document.addEventListener("pointercancel", () => cancel(calls));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && held) { event.stopPropagation(); cancel(calls); } }, true);
  document.addEventListener("touchmove", (event) => { if (held) event.preventDefault(); }, { passive: false });
  root.addEventListener("dragstart", (event) => event.preventDefault());
  root.addEventListener("contextmenu", (event) => { if (held || timer) event.preventDefault(); });
}

function begin(calls) {
  clearTimeout(timer); timer = 0;
  if (!from || !calls.take(from.node)) { forget(); return; }
  held = from.node;
  point ??= { x: from.x, y: from.y };
  ghost.replaceChildren(held.cloneNode(true));
  ghost.firstChild.removeAttribute("id");
  ghost.style.width = `${held.offsetWidth}px`;
  ghost.hidden = false;
  held.classList.add("held");
  document.body.classList.add("dragging");
  follow(calls);
}

function follow(calls) {
  ghost.style.transform = `translate(${point.x + 12}px, ${point.y + 12}px)`;
  calls.over(under());
  if (!frame) frame = requestAnimationFrame(() => scroll(calls));
}

// Near an edge the page, or the table the pointer is over, goes on by itself.
function scroll(calls) {
  frame = 0;
  if (!held) return;
  const down = near(point.y, innerHeight), table = under()?.closest(".board-scroll");
  const across = table ? near(point.x - table.getBoundingClientRect().left, table.clientWidth) : 0;
  if (down) scrollBy(0, down);
  if (across) table.scrollLeft += across;
  if (down || across) { calls.over(under()); frame = requestAnimationFrame(() => scroll(calls)); }
}
const near = (at, size) => (at < EDGE ? at - EDGE : at > size - EDGE ? at - size + EDGE : 0) / 4;
const under = () => document.elementFromPoint(point.x, point.y);

function end() {
  held.classList.remove("held");
  document.body.classList.remove("dragging");
  ghost.hidden = true;
  held = null;
}
function forget() { clearTimeout(timer); timer = 0; from = null; point = null; }
function cancel(calls) { if (held) { end(); calls.stop(); } forget(); }
// The click that follows a drop is none.
function quiet() {
  const stop = (event) => { event.stopPropagation(); event.preventDefault(); };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }), 0);
}
