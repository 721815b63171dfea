/**
 * The account of one memcached, as far as the system's own has any: its SASL takes accounts from a
 * file that `saslpasswd2` writes (Debian: sasl2-bin, libsasl2-modules, libsasl2-modules-db).
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../../errors.js';
import type { Place } from '../provider.js';
import { findProgram } from '../server/programs.js';

/** Part of the user's name: left out, it would be the name of the machine, which may change. */
const REALM = 'paas';

/** Where the plug-in for such files is, by system. */
const PLUGINS = [
  '/usr/lib/x86_64-linux-gnu/sasl2',
  '/usr/lib/aarch64-linux-gnu/sasl2',
  '/usr/lib64/sasl2',
  '/usr/lib/sasl2',
];

export interface Account {
  /** `u1f0c9a@paas` */
  readonly user: string;
  readonly password: string;
}

/** Whether this machine can have accounts. @param help what `memcached -h` prints */
export function hasAccounts(help: string, environment: Place['environment']): boolean {
  const plugins = ['libplain.so', 'libsasldb.so'];
  return (
    help.includes('--enable-sasl') &&
    findProgram(['saslpasswd2'], environment) !== undefined &&
    PLUGINS.some((folder) => plugins.every((file) => existsSync(join(folder, file))))
  );
}

export function newAccount(hex: (bytes: number) => string): Account {
  return { user: `u${hex(6)}@${REALM}`, password: `p${hex(24)}` };
}

/**
 * Writes the account where the server looks for it.
 * @returns what the server must have in its environment
 * @throws PlatformError unavailable with what the tool says
 */
export async function writeAccount(
  { user, password }: Account,
  { folder, environment }: Pick<Place, 'folder' | 'environment'>,
): Promise<Record<string, string>> {
  const file = join(folder, 'sasldb2');
  const lines = [
    'mech_list: plain',
    'pwcheck_method: auxprop',
    'auxprop_plugin: sasldb',
    `sasldb_path: ${file}`,
  ];
  await writeFile(join(folder, 'memcached.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  if (!existsSync(file)) {
    const program = findProgram(['saslpasswd2'], environment) ?? 'saslpasswd2';
    const [name = ''] = user.split('@');
    await runTool(program, ['-p', '-c', '-f', file, '-u', REALM, name], password);
  }
  return { SASL_CONF_PATH: folder };
}

function runTool(program: string, args: readonly string[], input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, (error, _, stderr) => {
      if (!error) return resolve();
      const said = stderr.trim() || error.message;
      return reject(new PlatformError('unavailable', `No account could be made: ${said}.`));
    });
    child.stdin?.on('error', () => undefined).end(input);
  });
}
