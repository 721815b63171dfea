/** `npm run bench [NAME]`: bundles the benchmarks with what they import, and runs them. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from '../build.mjs';

const outdir = fileURLToPath(new URL('../node_modules/.cache/paas-bench', import.meta.url));
await build({
  ...bundleOptions,
  entryPoints: ['bench/*.ts'],
  outbase: 'bench',
  outdir,
  // Tools that are measured, not bundled: they are started as programs.
  external: [...bundleOptions.external, 'foreman'],
});
const { main } = await import(`${outdir}/main.js`);
await main(process.argv.slice(2));
