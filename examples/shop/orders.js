import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where orders wait, for the clock and the worker of this folder alone. */
export const orders = join(
  tmpdir(),
  `shop-orders-${Buffer.from(process.cwd()).toString('hex').slice(-16)}`,
);
