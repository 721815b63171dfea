#!/usr/bin/env node
/** Runs the command line from its TypeScript sources: builds beside the packages, then starts. */
import { fileURLToPath } from 'node:url';
import { build } from '../build.mjs';

const outdir = fileURLToPath(new URL('../node_modules/.cache/paas-dev', import.meta.url));
await build(outdir);
const { main } = await import(`${outdir}/cli/main.js`);
await main(process.argv.slice(2));
