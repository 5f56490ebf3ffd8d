#!/usr/bin/env node
// Runs a script of this repository on the Node that Sixfold needs: `node bin/node.js [flags] script.ts [arguments]`.
const path = require('node:path');
const { launch } = require('./launch.js');

/** Flags of Node (its page "Command-line API") whose value may be the next word, which then is not the script. */
const WITH_VALUE = new Set(
  `-r --require --import --loader --experimental-loader -C --conditions --env-file --env-file-if-exists --input-type --title
  --test-reporter --test-reporter-destination --test-name-pattern --test-skip-pattern --test-concurrency --test-timeout
  --test-shard --test-global-setup --test-isolation --test-coverage-include --test-coverage-exclude --watch-path
  --cpu-prof-dir --cpu-prof-name --cpu-prof-interval --heap-prof-dir --heap-prof-name --heap-prof-interval
  --diagnostic-dir --report-dir --report-directory --report-filename --report-signal --icu-data-dir --openssl-config
  --trace-event-categories --trace-event-file-pattern --unhandled-rejections --dns-result-order --max-http-header-size
  --secure-heap --secure-heap-min --tls-cipher-list --tls-keylog --redirect-warnings --disable-warning`.split(/\s+/),
);

const at = process.argv.findIndex((word, i, words) => i >= 2 && !word.startsWith('-') && !WITH_VALUE.has(words[i - 1]));
if (at < 0) {
  console.error('usage: node bin/node.js [node flags] script.ts [arguments]');
  process.exitCode = 2;
} else {
  launch(process.argv.slice(2, at), path.resolve(process.argv[at]), process.argv.slice(at + 1));
}
