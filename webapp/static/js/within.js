// A network may fall silent without a word; a request then hangs for a quarter of an hour. So none waits longer than this.
/** A signal for fetch that gives up after so many milliseconds. */
export function within(milliseconds) {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), milliseconds);
  return stop.signal;
}
