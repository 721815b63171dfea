#!/usr/bin/env node
/** Runs the command line from its TypeScript sources: builds beside the packages, then starts. */
const { join } = require('node:path');

const outdir = join(__dirname, '../node_modules/.cache/paas-dev');
import('../build.mjs')
  .then(({ build }) => build(outdir))
  .then(() => require(`${outdir}/cli/main.js`).main(process.argv.slice(2)));
