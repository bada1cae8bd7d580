// The total beside what is typed, to compare with the paper; Enter goes to the next box, the last one to the button.
const total = document.getElementById("paper-total");
const boxes = [...document.querySelectorAll(".mark-row input")];

function draw() {
  const typed = boxes.filter((box) => box.value !== "");
  total.textContent = typed.length === 0 ? "–" : String(Number(typed.reduce((sum, box) => sum + Number(box.value), 0).toFixed(4)));
}
for (const [at, box] of boxes.entries()) {
  box.addEventListener("input", draw);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    (boxes[at + 1] ?? document.querySelector(".paper button")).focus();
  });
  box.addEventListener("wheel", (event) => event.preventDefault(), { passive: false }); // a wheel must not change a mark
}
if (total) draw();
