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
  'help/index': 'module.exports = {};',
  'config/index': 'module.exports = {};',
  'errors/handle': 'module.exports = {};',
  'errors/errors/pretty-print':
    'exports.default = (error) => error.message; exports.applyPrettyPrintOptions = (error) => error;',
  'ux/theme': 'exports.colorize = (_color, text) => text; exports.parseTheme = () => ({});',
  'ux/index': 'exports.colorize = (_color, text) => text;',
};

/** For the boxes that oclif draws around its errors: ours are plain sentences. */
const PACKAGES = { 'wrap-ansi': 'module.exports = (text) => text;' };

/** An esbuild plugin: oclif's parser without oclif's help, front door and screen. */
export const parserOnly = {
  name: 'parser-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]@oclif[\\/]core[\\/].*\.js$/ }, ({ path }) => {
      const [, file = '', name = ''] =
        /[\\/]@oclif[\\/]core[\\/](?:lib[\\/](.*)\.js|node_modules[\\/]([^\\/]+)[\\/]index\.js)$/.exec(
          path,
        ) ?? [];
      const contents = REPLACED[file.split('\\').join('/')] ?? PACKAGES[name];
      return contents === undefined ? undefined : { contents, loader: 'js' };
    });
  },
};
