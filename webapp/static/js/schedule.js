// Asks each second how the job stands and shows it level by level; when it has ended the page is read anew.
const job = document.getElementById("job");

function draw({ word, said, elapsed, level, levels }) {
  document.getElementById("job-state").textContent = word;
  document.getElementById("job-bar").value = elapsed;
  if (said) document.getElementById("job-detail").textContent = said;
  for (const [at, tile] of [...document.querySelectorAll("#job-levels .tile")].entries()) {
    tile.classList.toggle("working", at === level);
    if (!levels[at]) continue;
    tile.querySelector("b").textContent = levels[at].cost;
    tile.querySelector("i").textContent = ` · ${levels[at].bound}`;
  }
}

async function poll() {
  const answer = await fetch(job.dataset.address, { headers: { Accept: "application/json", "X-Rostrum-Poll": "1" } });
  if (!answer.ok) return;
  const seen = await answer.json();
  if (seen.state === "queued" || seen.state === "running") draw(seen); else window.location.reload();
}

if (job && job.dataset.busy === "1") { poll().catch(() => {}); setInterval(() => poll().catch(() => {}), 1000); }
