// For hosts that send no headers of their own: what they send to this page is handed on with those
// that let it share memory with threads.
'use strict';
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  const request = event.request;
  if (new URL(request.url).origin !== location.origin) return;
  event.respondWith(fetch(request).then((answer) => {
    const headers = new Headers(answer.headers);
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
    return new Response(answer.body, {status: answer.status, statusText: answer.statusText, headers});
  }));
});
