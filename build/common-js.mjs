/**
 * ES modules as esbuild prints them, made CommonJS: esbuild shares chunks among entries in the
 * former only, and Node starts the latter sooner by a fifth of a bare start (it reads ES modules in
 * other threads, in rounds).
 */
import { transform } from 'esbuild';

/** Imports of chunks and of Node's own modules; packages that are looked for at run time stay. */
const DYNAMIC_IMPORT = /\bimport\(("(?:\.\.?\/|node:)[^"]+")\)/g;

/**
 * `import process from 'node:process'`: esbuild would copy every property of the module, a few
 * hundred at a start. Its own properties stay where they are.
 */
const WHOLE_BUILTIN = /\b__toESM\((require\("node:[^"]+"\))(?:,1)?\)/g;

/**
 * @param {string} code an ES module
 * @returns {Promise<string>} the same as CommonJS, minified
 */
export async function commonJs(code) {
  const { code: text } = await transform(code, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    // An uncaught error prints the line that threw: not a whole bundle.
    lineLimit: 160,
  });
  return text
    .replace(DYNAMIC_IMPORT, 'Promise.resolve().then(()=>require($1))')
    .replace(WHOLE_BUILTIN, '{__proto__:$1,default:$1}');
}
