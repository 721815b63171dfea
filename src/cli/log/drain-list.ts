/** Drains as they may be printed: their URLs without what is secret in them. Pure. */
import type { DrainJson } from '../../runtime/api/representations.js';
import { maskUrl } from '../../runtime/logplex/drain/target.js';

/** The drain without the credentials of its URL. */
export function maskedDrain(drain: DrainJson): DrainJson {
  return { ...drain, url: maskUrl(drain.url) };
}

/** `https://****@logs.example.com/in (d.<uuid>)`, a line for each, as Heroku lists them. */
export function drainList(drains: readonly DrainJson[]): string {
  return drains.map(({ url, token }) => `${maskUrl(url)} (${token})`).join('\n');
}
