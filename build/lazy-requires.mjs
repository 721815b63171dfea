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

/**
 * Files of oclif that its parser names for a flag, a colour or a spinner that we do not use, and
 * what takes their place: each would bring along most of the rest, 170 KB that every command would
 * load and none would run.
 */
const REPLACED = {
  'core/lib/help/index.js': 'module.exports = {};',
  'core/lib/config/index.js': 'module.exports = {};',
  'core/lib/errors/handle.js': 'module.exports = {};',
  'core/lib/errors/errors/pretty-print.js':
    'exports.default = (error) => error.message; exports.applyPrettyPrintOptions = (error) => error;',
  'core/lib/ux/theme.js':
    'exports.colorize = (_color, text) => text; exports.parseTheme = () => ({});',
  'core/lib/ux/index.js': 'exports.colorize = (_color, text) => text;',
  // For the boxes that oclif draws around its errors: ours are plain sentences.
  'node_modules/wrap-ansi/index.js': 'module.exports = (text) => text;',
};

/** An esbuild plugin: oclif's parser without oclif's help, front door and screen. */
export const parserOnly = {
  name: 'parser-only',
  setup(build) {
    const filter = /[\\/](@oclif[\\/]core[\\/]lib|wrap-ansi)[\\/].*\.js$/;
    build.onLoad({ filter }, ({ path }) => {
      const portable = path.split('\\').join('/');
      const name = Object.keys(REPLACED).find((end) => portable.endsWith(end));
      return name === undefined ? undefined : { contents: REPLACED[name], loader: 'js' };
    });
  },
};

/** An esbuild plugin: dotenv without `crypto`, which its vaults need and its parser does not. */
export const dotenvParser = {
  name: 'dotenv-parser',
  setup(build) {
    build.onLoad({ filter: /[\\/]dotenv[\\/]lib[\\/]main\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replace("require('crypto')", '{}'), loader: 'js' };
    });
  },
};
