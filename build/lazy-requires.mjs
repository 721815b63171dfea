/**
 * An esbuild plugin: `const x = require('y')` at the top of a file of oclif is put off until `x` is
 * first used, as Babel's `lazy` option for CommonJS does. oclif's files require each other in a
 * wide circle, and parsing the flags of one command needs a tenth of them.
 */
import { readFile } from 'node:fs/promises';

const TOP_LEVEL_REQUIRE =
  /^const (\w+) = ((?:__importDefault\(|__importStar\()?require\("[^"]+"\)\)?);$/gm;

/**
 * @param {string} source a CommonJS file as TypeScript prints it
 * @returns {string} the same with its top-level requires made lazy
 */
export function makeLazy(source) {
  const names = [];
  let lazy = source.replace(TOP_LEVEL_REQUIRE, (_line, name, load) => {
    names.push(name);
    return `const ${name} = () => ${load};`;
  });
  for (const name of names) {
    // `new x.Y()` would call x as the constructor: it becomes `new (x().Y)()`.
    lazy = lazy
      .replace(new RegExp(`new ${name}((?:\\.\\w+)+)`, 'g'), `new (${name}()$1)`)
      .replace(new RegExp(`(?<![\\w.$])${name}(?!\\w|\\(\\)| = \\(\\) =>)`, 'g'), `${name}()`);
  }
  return lazy;
}

export const lazyRequires = {
  name: 'lazy-requires',
  setup(build) {
    build.onLoad({ filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      // cache.js asks for its own package.json inside a try block: nothing there to put off.
      return { contents: makeLazy(source), loader: 'js' };
    });
  },
};
