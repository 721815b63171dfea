#!/usr/bin/env node
// Node 22.1 and later keep compiled code between runs; earlier ones do without.
require('node:module').enableCompileCache?.();
require('../dist/cli/main.js').main(process.argv.slice(2));
