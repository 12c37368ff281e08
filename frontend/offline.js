// The service worker: keeps the neutral cover, the help and the first of the alarm's two taps for when there is no
// network. It answers nothing else, and what a form sends never passes through here.
const KEPT = "kept-1";
const COVER = "/counter/offline/";
const READ = ["/counter/help/", "/counter/urgent/"];

async function keep() {
  const cache = await caches.open(KEPT);
  for (const address of [COVER, ...READ]) {
    const answer = await fetch(address, { cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) continue;
    const html = await answer.clone().text();
    await cache.put(address, answer);
    // The style and the program of those pages: their names change with their content.
    for (const [, file] of html.matchAll(/(?:href|src)="(\/static\/[^"]+\.(?:css|js|svg))"/g)) {
      if (!(await cache.match(file))) await cache.add(file);
    }
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith("/counter/")) {
    event.respondWith(fetch(request).catch(() => caches.match(COVER)));
  } else if (READ.includes(pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(pathname)));
  } else if (pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});
