/** This machine, as far as trusting an authority depends on it. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Machine, System } from './steps.js';

/** Folders with programs for root, which an ordinary user's PATH may lack. */
const FOR_ROOT = ['/usr/sbin', '/sbin'];

/** Where browsers keep their databases, from the home folder; profiles are folders in them. */
const PROFILES = [
  '.mozilla/firefox',
  'snap/firefox/common/.mozilla/firefox',
  'Library/Application Support/Firefox/Profiles',
];

/** @param system another one than this machine's: then nothing is known of its browsers */
export function thisMachine(system?: System): Machine {
  const here = thisSystem();
  const home = homedir();
  const user = process.getuid?.() === 0 ? 'root' : 'ordinary';
  const known = system === undefined || system === here;
  return { system: system ?? here, home, user, databases: known ? databasesIn(home) : [] };
}

/** True when a program can be called. */
export function isInstalled(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...FOR_ROOT];
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  return folders.some((folder) => names.some((name) => existsSync(join(folder, name))));
}

/** On Linux the program for it decides: there are many that are built on one of the three. */
function thisSystem(): System {
  if (process.platform === 'darwin') return 'macos';
  if (process.platform === 'win32') return 'windows';
  if (isInstalled('update-ca-certificates')) return 'debian';
  return isInstalled('update-ca-trust') ? 'fedora' : 'arch';
}

function databasesIn(home: string): string[] {
  const profiles = PROFILES.flatMap((path) => {
    const folder = join(home, path);
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  });
  return [join(home, '.pki', 'nssdb'), ...profiles].filter((folder) =>
    existsSync(join(folder, 'cert9.db')),
  );
}
