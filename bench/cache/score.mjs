/**
 * Counts a result of the public suite http-tests/cache-tests by kind, and lists what does not pass.
 *
 *     node bench/cache/score.mjs FOLDER_OF_THE_SUITE RESULT.json...
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, ...files] = process.argv.slice(2);
if (folder === undefined || files.length === 0) {
  process.stderr.write('Say where the suite is, and which results to count.\n');
  process.exit(2);
}
const load = (path) => import(pathToFileURL(resolve(join(folder, path))).href);
const { default: groups } = await load('tests/index.mjs');
const { determineTestResult, resultTypes } = await load('test-engine/lib/results.mjs');

const words = new Map(Object.entries(resultTypes).map(([word, shown]) => [shown, word]));
const tests = groups.flatMap((group) => group.tests).filter((test) => test.browser_only !== true);

for (const file of files) {
  const results = JSON.parse(readFileSync(file, 'utf8'));
  const counts = { required: {}, optimal: {}, check: {} };
  const failed = [];
  for (const { id, kind = 'required' } of tests) {
    const word = words.get(determineTestResult(groups, id, results)) ?? 'unknown';
    counts[kind][word] = (counts[kind][word] ?? 0) + 1;
    if (kind !== 'check' && word !== 'pass')
      failed.push(`  ${kind} ${word} ${id}: ${results[id]?.[1]}`);
  }
  process.stdout.write(`${file}\n`);
  for (const [kind, words] of Object.entries(counts)) {
    const line = Object.entries(words).map(([word, count]) => `${word} ${count}`);
    process.stdout.write(`  ${kind}: ${line.join(', ')}\n`);
  }
  process.stdout.write(`${failed.join('\n')}\n`);
}
