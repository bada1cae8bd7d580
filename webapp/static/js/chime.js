// A soft chime, made on the spot. Browsers are silent until someone has touched the page: hence the button.
let audio = null;

function note(at, frequency) {
  const tone = audio.createOscillator(), volume = audio.createGain();
  tone.type = "sine"; tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.25, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 1.4);
  tone.connect(volume).connect(audio.destination);
  tone.start(at); tone.stop(at + 1.5);
}

/** One chime, or several; nothing before somebody has touched the page. */
export function chime(times = 1) {
  document.body.dataset.chimed = String(Number(document.body.dataset.chimed ?? 0) + 1);
  if (audio?.state !== "running") return;
  for (let n = 0; n < times; n += 1) { note(audio.currentTime + n * 0.5, 659.3); note(audio.currentTime + n * 0.5 + 0.18, 523.3); }
}

async function wake(loud) {
  audio ??= new (globalThis.AudioContext ?? globalThis.webkitAudioContext)();
  await audio.resume();
  for (const button of document.querySelectorAll("[data-sound]")) button.textContent = button.dataset.on;
  if (loud) chime();
}
globalThis.document?.addEventListener("click", (event) => wake(event.target.closest("[data-sound]") !== null).catch(() => {}));
globalThis.document?.addEventListener("keydown", () => wake(false).catch(() => {}), { once: true });
