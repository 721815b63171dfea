#!/usr/bin/env node
// Node 22.1 and later keep compiled code between runs; earlier ones do without.
process.getBuiltinModule('node:module').enableCompileCache?.();
const { main } = await import('../dist/cli/main.js');
await main(process.argv.slice(2));
