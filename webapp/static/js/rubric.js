// The rubric's editor: rows are added, moved and taken away; what is typed is shown as the tablet will show it.
const form = document.getElementById("rubric"), preview = document.getElementById("preview");
const body = form.querySelector("tbody");
let timer = 0, turn = 0;

async function show() {
  const mine = ++turn;
  const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
  if (!answer?.ok || mine !== turn) return;
  preview.innerHTML = await answer.text();
  preview.classList.remove("stale");
}
function changed() { preview.classList.add("stale"); clearTimeout(timer); timer = setTimeout(show, 250); }

form.addEventListener("input", changed);
document.getElementById("add")?.addEventListener("click", () => {
  body.append(document.getElementById("blank").content.cloneNode(true));
  body.lastElementChild.querySelector("[name=name]").focus();
});
body.addEventListener("click", (event) => {
  const button = event.target.closest("button"), row = button?.closest("tr");
  if (!row) return;
  if ("remove" in button.dataset) row.remove();
  else if (button.dataset.move === "1") row.nextElementSibling?.after(row);
  else row.previousElementSibling?.before(row);
  changed();
});
if ("typed" in form.dataset) show(); // refused: the page came back as it was typed
