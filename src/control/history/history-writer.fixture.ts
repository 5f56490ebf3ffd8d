// A program that keeps runs: started as a process of its own, several at once. Words: the file, how many runs, a name for their ids.
import { deflateRawSync } from 'node:zlib';
import { HistoryStore } from './history-store.ts';

const [file = '', count = '0', name = ''] = process.argv.slice(2);
const store = new HistoryStore(file);
const headline = {
  durationMs: 1,
  iterations: 1,
  failedIterations: 0,
  requests: 1,
  failed: 0,
  protocol: null,
  p95: null,
  thresholds: 0,
  crossed: 0,
};
for (let index = 0; index < Number(count); index++) {
  const id = `${name}-${index}`;
  const startedAtMs = 1_000_000 + index;
  store.begin({ id, name: 'script.js', fingerprint: 'f', version: '1', host: 'elsewhere', startedAtMs });
  store.touch(id, headline, startedAtMs);
  const run = deflateRawSync(Buffer.from(`the run ${id} `.repeat(2000)));
  store.finish(id, { endedAtMs: startedAtMs + 1, exitCode: 0, reason: null, headline, run });
}
store.close();
