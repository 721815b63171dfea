/**
 * Counts a result of the public suite http-tests/cache-tests by kind, and lists what does not pass.
 *
 *     node bench/cache/score.mjs FOLDER_OF_THE_SUITE RESULT.json...
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @param suite folder of the suite
 * @returns counts a result: how many tests of each kind passed, and a line for each that did not
 */
export async function scorer(suite) {
  const load = (path) => import(pathToFileURL(resolve(join(suite, path))).href);
  const { default: groups } = await load('tests/index.mjs');
  const { determineTestResult, resultTypes } = await load('test-engine/lib/results.mjs');
  const words = new Map(Object.entries(resultTypes).map(([word, shown]) => [shown, word]));
  const tests = groups.flatMap((group) => group.tests).filter((test) => test.browser_only !== true);
  return (results) => {
    const counts = { required: {}, optimal: {}, check: {} };
    const failed = [];
    for (const { id, kind = 'required' } of tests) {
      const word = words.get(determineTestResult(groups, id, results)) ?? 'unknown';
      counts[kind][word] = (counts[kind][word] ?? 0) + 1;
      if (kind !== 'check' && word !== 'pass')
        failed.push(`  ${kind} ${word} ${id}: ${results[id]?.[1]}`);
    }
    return { counts, failed };
  };
}

/** The counts as lines, and the failures if they are wanted. */
export function scoreText(title, { counts, failed }) {
  const lines = Object.entries(counts).map(([kind, words]) => {
    const numbers = Object.entries(words).map(([word, count]) => `${word} ${count}`);
    return `  ${kind}: ${numbers.join(', ')}`;
  });
  return `${[title, ...lines, ...failed].join('\n')}\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [suite, ...files] = process.argv.slice(2);
  if (suite === undefined || files.length === 0) {
    process.stderr.write('Say where the suite is, and which results to count.\n');
    process.exit(2);
  }
  const score = await scorer(suite);
  for (const file of files) {
    process.stdout.write(scoreText(file, score(JSON.parse(readFileSync(file, 'utf8')))));
  }
}
