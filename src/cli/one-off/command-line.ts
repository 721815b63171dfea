/** Reading `paas run [flags] COMMAND...`. Pure. */
import { UsageError } from '../failure.js';

/**
 * Splits the words at the first that belongs to the command: everything from there on is its own,
 * flags included.
 * @param valued flags that take the next word as their value: `-a`, `--env`
 * @returns our words, and those of the command; a `--` between them is dropped
 */
export function splitCommand(
  argv: readonly string[],
  valued: ReadonlySet<string>,
): { readonly own: string[]; readonly command: string[] } {
  let end = 0;
  while (end < argv.length && argv[end]!.startsWith('-') && argv[end] !== '--') {
    end += valued.has(argv[end]!) ? 2 : 1;
  }
  const own = argv.slice(0, end);
  const rest = argv.slice(end);
  return { own, command: rest[0] === '--' ? rest.slice(1) : rest };
}

/**
 * The words as one command for a shell, as Heroku's CLI sends it: a single word is a shell line of
 * its own (`paas run "ls | wc -l"`); of several, those that a shell would split or change are quoted.
 */
export function shellCommand(words: readonly string[]): string {
  if (words.length === 1) return words[0]!;
  return words
    .map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/**
 * `A=1;B=2`, as in `heroku run -e`, several times too.
 * @throws UsageError for a part without a name or without `=`
 */
export function parseEnvironment(values: readonly string[]): Record<string, string> {
  const parts = values.flatMap((value) => value.split(';')).filter((part) => part.trim() !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const equals = part.indexOf('=');
      if (equals < 1)
        throw new UsageError(`Can't read "${part}" of --env. Write A=1, or "A=1;B=2".`);
      return [part.slice(0, equals).trim(), part.slice(equals + 1)];
    }),
  );
}
