/** The shop's web process: pages, a page that caches may keep, and a stream of events. */
import { createServer } from 'node:http';
import { escapeHtml, page } from './page.js';
import { products } from './products.js';

const { PORT = '5006', SHOP_NAME = 'Shop', GREETING = '', CURRENCY = '€' } = process.env;

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const product = products.find(({ slug }) => pathname === `/products/${slug}`);
  if (pathname === '/') home(response);
  else if (product) details(response, product);
  else if (pathname === '/prices.json') prices(response);
  else if (pathname === '/events') events(request, response);
  else
    answer(response, 404, page('Not here', '<h1>Not here</h1><p><a href="/">To the shop</a></p>'));
});

function home(response) {
  const goods = products.map(
    ({ slug, name, price, icon }) =>
      `<li><a href="/products/${slug}"><span class="icon">${icon}</span>${name}<br>${CURRENCY}${price}</a></li>`,
  );
  const body = `<h1>${escapeHtml(SHOP_NAME)}</h1>
<p class="lead">${escapeHtml(GREETING)}</p>
<ul class="goods">${goods.join('')}</ul>
<p>The time in the shop is <span id="time">…</span></p>
<script>
  new EventSource('/events').onmessage = ({ data }) => {
    document.getElementById('time').textContent = data;
  };
</script>`;
  answer(response, 200, page(SHOP_NAME, body));
}

/** May be kept for a minute: the router's cache answers the next reader. */
function details(response, { name, price, icon, text }) {
  const body = `<h1>${icon} ${name}</h1><p>${text}</p><p>${CURRENCY}${price}</p><p><a href="/">Back</a></p>`;
  answer(response, 200, page(name, body), { 'Cache-Control': 'public, max-age=60' });
}

function prices(response) {
  const list = JSON.stringify(Object.fromEntries(products.map(({ slug, price }) => [slug, price])));
  answer(response, 200, list, {
    'Content-Type': 'application/json',
    'Cache-Control': 'public, max-age=10, stale-while-revalidate=30',
  });
}

/** Server-sent events: the time, once a second. */
function events(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const tell = () => response.write(`data: ${new Date().toLocaleTimeString('en-GB')}\n\n`);
  tell();
  const timer = setInterval(tell, 1000);
  request.once('close', () => clearInterval(timer));
}

function answer(response, status, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
  response.end(body);
}

server.listen(Number(PORT), () => console.log(`${SHOP_NAME} is open on port ${PORT}`));

process.once('SIGTERM', () => {
  console.log('Closing: no new customers, finishing with those inside');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
