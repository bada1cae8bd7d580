// Asks each second how the job stands; when it has ended the page is read anew.
const job = document.getElementById("job");

function describe(words, progress) {
  const parts = [];
  if (progress.level !== undefined) parts.push(words[Number(progress.level) - 1] ?? String(progress.level));
  if (progress.cost !== undefined) parts.push(`${job.dataset.cost} ${[progress.cost].flat().join(" / ")}`);
  if (progress.bound !== undefined) parts.push(`${job.dataset.bound} ${[progress.bound].flat().join(" / ")}`);
  if (progress.elapsed !== undefined) parts.push(`${Math.round(progress.elapsed)} s`);
  return parts.join(" · ");
}

async function poll() {
  const answer = await fetch(job.dataset.address, { headers: { Accept: "application/json", "X-Rostrum-Poll": "1" } });
  if (!answer.ok) return;
  const { state, word, progress } = await answer.json();
  document.getElementById("job-state").textContent = word;
  document.getElementById("job-bar").value = progress.elapsed ?? 0;
  const text = describe(job.dataset.levels.split("|"), progress);
  if (text) document.getElementById("job-detail").textContent = text;
  if (state !== "queued" && state !== "running") window.location.reload();
}

if (job && job.dataset.busy === "1") setInterval(() => poll().catch(() => {}), 1000);
