// The shell for when there is no network, and a new version of the page: never while something is unsaved.
export async function keepShell(onNew) {
  if (!navigator.serviceWorker) return false;
  try {
    const registered = await navigator.serviceWorker.register("/tablet/worker.js", { scope: "/tablet/" });
    const had = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("controllerchange", () => { if (had) onNew(); });
    return registered;
  } catch {
    return false; // a certificate the browser does not trust, say: the page works on without it
  }
}

// Another language: the kept page is the old one.
export async function renewShell(version) {
  try {
    const fresh = await fetch("/tablet/", { cache: "reload" });
    if (fresh.ok && !fresh.redirected) await (await caches.open(`rostrum ${version}`)).put("/tablet/", fresh);
  } catch { /* without a network the old one stays */ }
}
