// Keeps the tablet's page for when there is no network. It answers GET for the page and its files, and nothing else.
const CACHE = "rostrum {{ version }}", PAGE = "/tablet/", FILES = {{ files | tojson }};

async function fetched(address) {
  const answer = await fetch(address, { cache: "reload" });
  // A portal answers 200 for everything: what is kept must be ours.
  const ours = address === PAGE ? answer.headers.get("X-Rostrum-App") === "{{ version }}" : !/^text\/html/.test(answer.headers.get("Content-Type") ?? "");
  if (!answer.ok || answer.redirected || !ours) throw new Error(address);
  return answer;
}

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  for (const address of [PAGE, ...FILES]) await cache.put(address, await fetched(address));
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("rostrum ") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const { request } = event, place = new URL(request.url);
  if (request.method !== "GET" || place.origin !== location.origin || request.cache === "reload") return;
  if (!FILES.includes(place.pathname) && !(request.mode === "navigate" && place.pathname === PAGE)) return;
  event.respondWith(caches.match(place.pathname, { ignoreSearch: true }).then((kept) => kept ?? fetch(request)));
});
