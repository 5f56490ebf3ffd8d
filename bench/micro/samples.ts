// What a sample costs in time of its thread: appending it in a worker, folding it in on the main thread, writing it as JSON. Run with Node 26:
//   node bench/micro/samples.ts
import { registerBuiltIns } from '../../src/metrics/built-in.ts';
import { MetricRegistry } from '../../src/metrics/metric-registry.ts';
import { MetricsEngine } from '../../src/metrics/metrics-engine.ts';
import type { SampleBatch } from '../../src/metrics/sample-batch.ts';
import { SampleWriter } from '../../src/metrics/sample-writer.ts';
import { TagSet } from '../../src/metrics/tag-set.ts';
import { createOutput } from '../../src/outputs/create-outputs.ts';

const ROUNDS = 5;

/** Prints the best of some rounds. @param work returns how many samples it dealt with */
function measure(name: string, work: () => number): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    // The thread's own time: what else the machine does must not count.
    const start = process.threadCpuUsage();
    const count = work();
    const { user, system } = process.threadCpuUsage(start);
    best = Math.min(best, ((user + system) * 1000) / count);
  }
  console.log(`${name.padEnd(52)} ${best.toFixed(1).padStart(8)} ns/sample`);
}

const registry = new MetricRegistry();
const metrics = registerBuiltIns(registry);
/** What one HTTP request emits. */
const ofRequest = [
  metrics.http_reqs,
  metrics.http_req_duration,
  metrics.http_req_blocked,
  metrics.http_req_connecting,
  metrics.http_req_tls_handshaking,
  metrics.http_req_sending,
  metrics.http_req_waiting,
  metrics.http_req_receiving,
  metrics.http_req_failed,
];
const base = TagSet.EMPTY.with('scenario', 'default').with('group', '');

function tagsOf(path: number): TagSet {
  const url = `http://127.0.0.1:8080/path/${path}`;
  return base
    .with('method', 'GET')
    .with('url', url)
    .with('name', url)
    .with('status', '200')
    .with('proto', 'HTTP/1.1')
    .with('expected_response', 'true');
}

function fill(writer: SampleWriter, requests: number): number {
  const now = Date.now();
  for (let request = 0; request < requests; request++) {
    const tags = tagsOf(request % 50);
    for (const metric of ofRequest) writer.add(metric, tags, (request * 7919) % 1013, now + request / 100);
  }
  writer.flush();
  return requests * ofRequest.length;
}

const tags = tagsOf(0);
const discard = new SampleWriter(() => {});
measure('append, batches included', () => {
  for (let index = 0; index < 5_000_000; index++) discard.add(metrics.http_req_duration, tags, index, index);
  return 5_000_000;
});
measure('append, with the tags of each request looked up', () => fill(new SampleWriter(() => {}), 300_000));

const batches: SampleBatch[] = [];
fill(new SampleWriter((batch) => batches.push(batch)), 100_000);
measure('fold into sinks (with the submetric of durations)', () => {
  const engine = new MetricsEngine({ registry, systemTags: ['expected_response'] });
  for (const batch of batches) engine.ingest(batch);
  return batches.reduce((sum, { count }) => sum + count, 0);
});

for (const type of ['json', 'csv']) {
  const engine = new MetricsEngine({ registry });
  const output = createOutput(`${type}=-`, {
    env: {},
    systemTags: ['url', 'name', 'method', 'status'],
    engine,
    writeStdout: () => {},
  });
  measure(`write as ${type}`, () => {
    for (const batch of batches) {
      engine.ingest(batch);
      output.addBatch(batch, engine.series.of(0));
    }
    return batches.reduce((sum, { count }) => sum + count, 0);
  });
}
