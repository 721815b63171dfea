/**
 * Builds the command line into dist/: one file per command plus shared chunks, every npm package
 * bundled, so that the published package has no dependencies. Then it asks the built commands for
 * their manifest, and collects the licences of what was bundled.
 *
 *     node build.mjs            builds dist/
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build as bundle } from 'esbuild';
import { commonJs } from './build/common-js.mjs';
import { dotenvParser, lazyRequires, parserOnly } from './build/lazy-requires.mjs';
import { thirdPartyLicences } from './build/licences.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Native or optional packages that are looked for at run time, and never needed. */
const EXTERNAL = ['@lydell/node-pty', 'pg-native', 'bufferutil', 'utf-8-validate', 'typescript'];

/**
 * What every bundle of ours needs: packages are CommonJS here and there, and look for `require`
 * and for the folder that they are in.
 */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: EXTERNAL,
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
  plugins: [lazyRequires],
  logLevel: 'warning',
};

/**
 * Builds everything beside its place, and puts it there in one step: whoever runs the command line
 * meanwhile has the old build or the new one, never half of one.
 * @param {string} outdir absolute path
 */
export async function build(outdir) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'paas-build-'));
  try {
    await buildInto(join(folder, 'new'));
    if (existsSync(outdir)) renameSync(outdir, join(folder, 'old'));
    renameSync(join(folder, 'new'), outdir);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildInto(outdir) {
  const cli = (name) => join(root, `src/cli/${name}.ts`);
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, 'package.json'), '{"type":"commonjs"}\n');
  const metafiles = await Promise.all([
    pass(outdir, [cli('main'), ...typeScriptFiles(join(root, 'src/commands'))], {
      external: [...EXTERNAL, './help.js'],
      plugins: [parserOnly, lazyRequires, dotenvParser],
    }),
    pass(outdir, [cli('help'), cli('manifest')], {}),
  ]);
  for (const metafile of metafiles) refuseUnbundled(metafile);
  const inputs = Object.assign({}, ...metafiles.map((metafile) => metafile.inputs));
  writeFileSync(join(outdir, 'THIRD-PARTY-LICENCES.txt'), thirdPartyLicences(root, { inputs }));
  const { writeManifests } = await import(pathToFileURL(join(outdir, 'cli/manifest.js')).href);
  await writeManifests(outdir);
}

/** Bundles some entries, which share chunks among themselves. */
async function pass(outdir, entryPoints, options) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { metafile, outputFiles } = await bundle({
    ...bundleOptions,
    entryPoints,
    write: false,
    outbase: join(root, 'src'),
    outdir,
    entryNames: '[dir]/[name]',
    chunkNames: 'chunks/[name]-[hash]',
    // CommonJS has these by itself.
    banner: {},
    define: {
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
      PAAS_VERSION: JSON.stringify(version),
    },
    metafile: true,
    ...options,
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await commonJs(text));
  }
  return metafile;
}

function typeScriptFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** An import that was left out of the bundle would fail on the user's machine, not on ours. */
function refuseUnbundled(metafile) {
  const allowed = new Set([...EXTERNAL, './help.js', ...builtinModules]);
  for (const [output, { imports }] of Object.entries(metafile.outputs)) {
    for (const { path, external } of imports) {
      // Packages ask for newer modules of Node than the oldest has, and do without.
      if (external && !path.startsWith('node:') && !allowed.has(path)) {
        throw new Error(`${relative(root, output)} imports ${path}, which is not in the bundle.`);
      }
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(join(root, 'dist'));
