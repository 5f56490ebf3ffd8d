#!/usr/bin/env node
// The command `sixfold`: runs the built program, or the sources where they are (a checkout).
// CommonJS, as all that runs on the machine's own Node first: its loader of ES modules takes some 8 ms of each start.
const { existsSync } = require('node:fs');
const path = require('node:path');
const { launch } = require('./launch.js');

const sources = path.join(__dirname, '../src/cli/main.ts');
const built = path.join(__dirname, '../dist/program/main.js');
launch([], existsSync(sources) ? sources : built, process.argv.slice(2), true);
