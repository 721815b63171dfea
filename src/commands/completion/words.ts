import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '../../cli/command.js';
import { factsOf } from '../../cli/completion/facts.js';
import { type Candidate, wantedOn } from '../../cli/completion/wanted.js';
import { ExitStatus } from '../../cli/failure.js';

/** The folder of the build. */
const dist = join(import.meta.dirname, '..', '..');

export default class CompletionWords extends Command {
  static override description = `Print the words that may come next on a command line
Each with what it is, behind a tab; for the scripts of \`paas completion\`.`;
  static override examples = ['paas completion:words -- "paas config s"'];
  static override hidden = true;
  static override strict = false;

  async run(): Promise<void> {
    const { argv } = await this.parse(CompletionWords);
    const read = (name: string) => JSON.parse(readFileSync(join(dist, name), 'utf8'));
    const line = (argv as string[]).join(' ');
    const wanted = wantedOn(line, read('commands.json'), read('oclif.manifest.json'));
    const facts = await Promise.all(
      // Where no app runs there are no facts, and Tab is no place for an error.
      wanted.facts.map((fact) => factsOf(fact, wanted.app).catch((): Candidate[] => [])),
    );
    const known = facts.flat().map((fact) => ({ ...fact, word: wanted.lead + fact.word }));
    const words = [...wanted.candidates, ...known].filter(({ word }) =>
      word.startsWith(wanted.prefix),
    );
    if (words.length === 0) throw new ExitStatus(1);
    this.show(words, () => words.map(({ word, about }) => `${word}\t${about}`).join('\n'));
  }
}
