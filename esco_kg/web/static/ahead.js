// Keeps the cards that come next, so that a lost connection stops nobody: the network first, else what was kept.
"use strict";
const KEPT = "esco-kg review";
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => event.waitUntil((async () => {
  const kept = await caches.open(KEPT);
  for (const url of event.data) {
    try {
      const answer = await fetch(url, { headers: { Accept: "text/html" } });
      if (answer.ok) await kept.put(url, answer);
    } catch {
      return; // the connection is lost already
    }
  }
})()));
addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith((async () => {
    try {
      return await fetch(event.request);
    } catch (error) {
      const kept = await caches.match(event.request, { ignoreVary: true });
      if (kept) return kept;
      throw error;
    }
  })());
});
