/** Run by the build: asks the built commands what they are, and writes that down for later starts. */
import { readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { Plugin } from '@oclif/core/config';
import type { CommandClass } from './command.js';
import type { CommandEntry } from './lookup.js';
import { oclifOptions } from './oclif.js';

/**
 * Writes `commands.json`, from which the front door finds a command's file, and oclif's own
 * `oclif.manifest.json`, from which help is printed.
 * @param dist the folder of the build
 * @throws Error when two commands have one name, or one has no description or example
 */
export async function writeManifests(dist: string): Promise<void> {
  const table: Record<string, CommandEntry> = {};
  const load = createRequire(import.meta.filename);
  for (const file of builtCommands(dist)) {
    const { default: command } = load(join(dist, file));
    const entry = entryOf(file, command);
    for (const name of [entry.id, ...(command.aliases ?? [])]) {
      if (table[name])
        throw new Error(`${entry.id} and ${table[name].id} are both called ${name}.`);
      table[name] = entry;
    }
  }
  writeFileSync(join(dist, 'commands.json'), JSON.stringify(table));
  const plugin = new Plugin({
    ...oclifOptions(dist),
    ignoreManifest: true,
    errorOnManifestCreate: true,
  });
  await plugin.load();
  writeFileSync(join(dist, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));
}

/** Paths from the folder of the build, with slashes. */
function builtCommands(dist: string): string[] {
  return readdirSync(join(dist, 'commands'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => `commands/${file.split(sep).join('/')}`)
    .sort();
}

function entryOf(file: string, command: CommandClass): CommandEntry {
  const id = file
    .replace(/^commands\/(.*)\.js$/, '$1')
    .replace(/\/index$/, '')
    .replaceAll('/', ':');
  if (!command?.description || command.examples.length === 0) {
    throw new Error(`The command ${id} needs a description and an example.`);
  }
  const takesArguments = !command.strict || Object.keys(command.args ?? {}).length > 0;
  return { id, file, takesArguments, passThrough: command.passThrough };
}
