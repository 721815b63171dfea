/** Config vars written into the env files of an app: everything is written, or nothing. */
import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { isSystemError, PlatformError } from '../errors.js';
import { editEnvFile, parseEnvFile } from './env-file.js';
import { envFilesOf, readEnv, type SourceLocation } from './source.js';

/** Puts the files back as they were. */
export type Undo = () => void;

/** A file that has something else to say. */
interface Edit {
  readonly name: string;
  readonly path: string;
  /** undefined where there is no file yet. */
  readonly before: Buffer | undefined;
  readonly after: Buffer;
}

/**
 * Writes config vars into the env files: a value goes to where the key stands now, else to the
 * last file; null removes it from every file.
 * @throws PlatformError when a file cannot be written; then every file is as it was
 */
export function writeConfig(
  location: SourceLocation,
  changes: Readonly<Record<string, string | null>>,
): Undo {
  const done: Edit[] = [];
  const undo = () => {
    for (const edit of done.splice(0).reverse()) putBack(edit);
  };
  for (const edit of editsFor(location, changes)) {
    done.push(edit);
    try {
      write(edit.path, edit.after, edit.before === undefined ? 'wx' : 'r+');
    } catch (error) {
      undo();
      if (!isSystemError(error)) throw error;
      throw new PlatformError('unavailable', sentenceFor(error, edit.name));
    }
  }
  return undo;
}

function editsFor(
  location: SourceLocation,
  changes: Readonly<Record<string, string | null>>,
): Edit[] {
  const files = envFilesOf(location);
  const last = files.at(-1) ?? '.env';
  return (files.length > 0 ? files : [last]).flatMap((name) => {
    const path = resolve(location.directory, name);
    const text = readEnv(location, name);
    const present = new Set(parseEnvFile(text, name).map(({ key }) => key));
    const here = Object.entries(changes).filter(([key, value]) =>
      value === null ? present.has(key) : name === last || present.has(key),
    );
    const edited = editEnvFile(text, name, Object.fromEntries(here));
    if (edited === text) return [];
    return [{ name, path, before: bytesOf(path), after: Buffer.from(edited) }];
  });
}

/**
 * In place, not beside and renamed: it is the user's file, with its links, mode and watchers.
 * Never truncated first: on a full disk the bytes that are there would be lost with nothing in
 * their place, and they can be written over without room for more.
 */
function write(path: string, bytes: Buffer, flags: 'r+' | 'wx'): void {
  const file = openSync(path, flags, 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, at);
    ftruncateSync(file, bytes.length);
  } finally {
    closeSync(file);
  }
}

function putBack({ path, before }: Edit): void {
  try {
    if (before === undefined) rmSync(path, { force: true });
    else write(path, before, 'r+');
  } catch {
    // What could not be written over was not changed either; the first fault is the one to tell.
  }
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function sentenceFor({ code }: NodeJS.ErrnoException, name: string): string {
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? `The disk of ${name} is full, so nothing was changed. Free some space and try again.`
    : `Can't write ${name} (${code}), so nothing was changed. Check who may write it.`;
}
