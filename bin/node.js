#!/usr/bin/env node
// Runs a script of this repository on the Node that Sixfold needs: `node bin/node.js [flags] script.ts [arguments]`.
import path from 'node:path';
import { launch } from './launch.js';

const at = process.argv.findIndex((word, i) => i >= 2 && !word.startsWith('-'));
if (at < 0) {
  console.error('usage: node bin/node.js [node flags] script.ts [arguments]');
  process.exitCode = 2;
} else {
  await launch(process.argv.slice(2, at), path.resolve(process.argv[at]), process.argv.slice(at + 1));
}
