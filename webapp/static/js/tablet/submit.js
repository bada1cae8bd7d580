// Handing a sheet in is a slide, or two taps: never an accident. With a keyboard, Enter twice.
import { words } from "./words.js";

const FAR = 0.8, PATIENCE = 4000;

export class Submit {
  constructor(track, { ready, submit }) {
    this.track = track;
    this.button = track.querySelector("button");
    this.label = track.querySelector("span");
    this.ready = ready;
    this.submit = submit;
    this.button.addEventListener("pointerdown", (event) => this.#begin(event));
    this.button.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) this.button.addEventListener(end, (event) => this.#end(event));
    this.button.addEventListener("click", () => this.#tap());
  }

  disarm() {
    clearTimeout(this.timer);
    delete this.track.dataset.armed;
    this.label.textContent = words.submit;
    this.#show(0);
  }

  #show(x) { this.button.style.setProperty("--x", `${x}px`); }

  #room() { return this.track.clientWidth - this.button.offsetWidth; }

  #begin(event) {
    this.from = event.clientX;
    this.slid = 0;
    this.wasSlide = false;
    this.button.setPointerCapture(event.pointerId);
  }

  #move(event) {
    if (this.from === undefined) return;
    this.slid = Math.max(0, Math.min(this.#room(), event.clientX - this.from));
    this.#show(this.slid);
  }

  #end(event) {
    const far = event.type === "pointerup" && this.#room() > 0 && this.slid >= this.#room() * FAR;
    this.wasSlide = this.slid > 8;
    this.from = undefined;
    this.#show(0);
    if (far && this.ready()) this.#go();
  }

  #tap() {
    if (this.wasSlide) { this.wasSlide = false; return; }
    if (!this.ready()) return;
    if (this.track.dataset.armed) { this.#go(); return; }
    this.track.dataset.armed = "1";
    this.label.textContent = words.again;
    this.timer = setTimeout(() => this.disarm(), PATIENCE);
  }

  #go() {
    this.disarm();
    this.submit();
  }
}
