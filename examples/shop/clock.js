/** Places an order from time to time, as a file that the worker picks up. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { orders } from './orders.js';
import { products } from './products.js';

const every = Number(process.env.ORDER_EVERY ?? 5000);
mkdirSync(orders, { recursive: true });

function order() {
  const product = products[Math.floor(Math.random() * products.length)];
  const id = Date.now().toString(36);
  const file = join(orders, `${id}.json`);
  writeFileSync(`${file}.new`, JSON.stringify({ id, product: product.slug }));
  renameSync(`${file}.new`, file);
  console.log(`order=${id} product=${product.slug} placed`);
}

console.log(`one order every ${every} ms`);
order();
setInterval(order, every);
