import { readFileSync } from 'node:fs';

declare const PAAS_VERSION: string | undefined;

/** The version of the package. The build puts it in; from the sources it is read. */
export const version: string =
  typeof PAAS_VERSION === 'string'
    ? PAAS_VERSION
    : JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
