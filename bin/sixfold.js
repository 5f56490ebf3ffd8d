#!/usr/bin/env node
// The command `sixfold`: runs the built program, or the sources where they are (a checkout).
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from './launch.js';

const sources = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const built = fileURLToPath(new URL('../dist/program/main.js', import.meta.url));
await launch([], existsSync(sources) ? sources : built, process.argv.slice(2), true);
