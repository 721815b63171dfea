/** The services that paas brings along. */
import { bucket } from './bucket/bucket.js';
import { mail } from './mail/mail.js';
import { memcached } from './memcached/memcached.js';
import { postgres } from './postgres/postgres.js';
import type { AddonProvider } from './provider.js';
import { redis } from './redis/redis.js';
import { scheduler } from './scheduler/scheduler.js';

export const PROVIDERS: readonly AddonProvider[] = [
  postgres,
  redis,
  memcached,
  scheduler,
  mail,
  bucket,
];
