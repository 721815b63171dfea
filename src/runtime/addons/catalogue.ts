/** The services that paas brings along. */
import { postgres } from './postgres/postgres.js';
import type { AddonProvider } from './provider.js';

export const PROVIDERS: readonly AddonProvider[] = [postgres];
