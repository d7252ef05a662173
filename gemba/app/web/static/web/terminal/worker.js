/**
 * The service worker of a terminal: keeps its page, scripts and styles, so that it opens without a connection.
 * Reports are not its business: the page keeps them itself, and works on where there is no service worker.
 */
const NAME = 'gemba-terminal-1';
const SLOW = 4000;
const worker = /** @type {any} */ (self);

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (/** @type {any} */ e) => e.waitUntil(worker.clients.claim()));

// The page tells what it has loaded before this worker was there.
worker.addEventListener('message', (/** @type {any} */ e) => {
  if (Array.isArray(e.data?.keep)) e.waitUntil(caches.open(NAME).then((cache) => Promise.all(e.data.keep.map((/** @type {string} */ url) => keep(cache, url)))));
  if (e.data === 'forget') e.waitUntil(caches.delete(NAME));
});

/** @param {Cache} cache @param {string} url */
async function keep(cache, url) {
  const answer = await fetch(url, { credentials: 'same-origin' }).catch(() => null);
  if (answer?.ok && !answer.redirected) await cache.put(url, answer);
}

worker.addEventListener('fetch', (/** @type {any} */ e) => {
  const url = new URL(e.request.url), page = e.request.mode === 'navigate';
  if (e.request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (page || url.pathname.startsWith('/static/')) e.respondWith(fresh(e.request, page));
});

/** From the server where it answers in time, else as it was kept. @param {Request} request @param {boolean} page */
async function fresh(request, page) {
  const cache = await caches.open(NAME);
  const asked = fetch(request).then((answer) => {
    if (answer.ok && !answer.redirected) cache.put(request, answer.clone());
    return answer;
  });
  const late = new Promise((_, no) => setTimeout(no, SLOW));
  try {
    return await Promise.race([asked, late]);
  } catch {
    const kept = await cache.match(request, { ignoreSearch: false }) ?? (page ? await any(cache, request) : undefined);
    return kept ?? asked;
  }
}

/** A terminal's page of another place is the same but for its heading. @param {Cache} cache @param {Request} request */
async function any(cache, request) {
  const path = new URL(request.url);
  return path.search ? cache.match(request, { ignoreSearch: true }) : undefined;
}
