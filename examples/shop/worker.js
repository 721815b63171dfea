/** Packs the orders that the clock placed. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { orders } from './orders.js';

mkdirSync(orders, { recursive: true });

/** Renaming claims an order: with several workers each is packed once. */
function pack(name) {
  const claimed = join(orders, `${name}.${process.env.DYNO ?? process.pid}`);
  try {
    renameSync(join(orders, name), claimed);
  } catch {
    return; // another worker was first
  }
  const { id, product } = JSON.parse(readFileSync(claimed, 'utf8'));
  rmSync(claimed);
  console.log(`order=${id} product=${product} packed`);
}

console.log('waiting for orders');
setInterval(() => {
  for (const name of readdirSync(orders)) if (name.endsWith('.json')) pack(name);
}, 500);
