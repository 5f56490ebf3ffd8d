// What ten browsers cost the thread that folds the samples of a run with a thousand endpoints.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { registerBuiltIns } from '../metrics/built-in.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import { MetricsEngine } from '../metrics/metrics-engine.ts';
import { Timeline } from '../metrics/timeline/timeline.ts';
import { encodeBlock } from '../metrics/timeline/timeline-block.ts';
import { buildRecord, buildStanding, type RecordSource } from '../report/build-record.ts';
import { deflateRun } from '../report/pack-run.ts';
import type { RunControl } from '../run/run-control.ts';
import { openWebServer, type ShownRun, type WebServer } from './web-server.ts';

const READERS = 10;
const ENDPOINTS = 1000;
const SECONDS = 40;
/** The design's figure is 5 on a machine of its own. */
const MOST_MS_A_SECOND = 5;
const PLAN_MS = 3_600_000;

const timeline = new Timeline(PLAN_MS);
const registry = new MetricRegistry();
registerBuiltIns(registry);
const engine = new MetricsEngine({
  registry,
  thresholds: { http_req_duration: [{ threshold: 'p(95)<20', abortOnFail: false, delayAbortEvalMs: 0 }] },
});
const source: RecordSource = {
  id: 'x',
  script: 'x.js',
  durationMs: 1000,
  plannedMs: PLAN_MS,
  state: 'running',
  isPaused: false,
  exitCode: null,
  reason: null,
  iterations: { completed: 0, interrupted: 0, failed: 0, firstFailure: null },
  concerns: [],
  engine,
  timeline,
  scenarios: [],
  tags: {},
  health: [],
};
const run: ShownRun = {
  record: () => buildRecord(source),
  standing: () => buildStanding(source),
  deflateAll: () => deflateRun({ record: buildRecord(source), block: encodeBlock(timeline.read()) }, 1),
  deflate: () => Buffer.alloc(0),
  timeline: { timeline },
};
const receivers = Array.from({ length: ENDPOINTS }, (_, index) =>
  timeline.receiversFor('http_req_duration', [
    ['method', 'GET'],
    ['name', `/things/${index}`],
    ['status', '200'],
  ]),
);

/** Read elsewhere: a browser takes no time of this thread. Says what has arrived of each event. */
const READING = `
  const { workerData, parentPort } = require('node:worker_threads');
  const http = require('node:http');
  const seen = { cells: 0, state: 0 };
  for (let reader = 0; reader < workerData.readers; reader++)
    http.get(workerData.origin + '/api/events', (response) => {
      parentPort.postMessage('open');
      response.setEncoding('utf8').on('data', (text) => {
        for (const [, name] of text.matchAll(/^event: (.*)$/gm)) if (name in seen) seen[name]++;
      });
    });
  parentPort.on('message', () => parentPort.postMessage(seen));
`;

let server: WebServer | null = null;
after(() => server?.close());

/** A second of the run: each endpoint has a few requests, the cell ends, and everybody is told. */
function pass(second: number, tells: boolean): void {
  const now = START + second * 1000;
  for (const [index, all] of receivers.entries())
    for (const receiver of all) receiver.add(1 + ((index * 7 + second) % 50), now + 500);
  timeline.closeUntil(now + 1000);
  if (tells) server!.tell();
}

const START = Date.now();

/** @returns ms of this thread's processor a second */
async function measure(from: number, tells: boolean): Promise<number> {
  const before = process.threadCpuUsage();
  for (let second = from; second < from + SECONDS; second++) {
    pass(second, tells);
    // What is written goes out in turns of its own.
    await new Promise((next) => setImmediate(next));
  }
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000 / SECONDS;
}

test('ten browsers cost less than 5 ms a second with a thousand endpoints, and each hears everything', async () => {
  timeline.begin(START);
  server = await openWebServer(run, {} as RunControl, {
    address: { host: '127.0.0.1', port: 0 },
    token: 'x',
    history: null,
  });
  // Compiled by now, and nobody looks.
  await measure(0, true);
  const alone = await measure(SECONDS, true);
  const worker = new Worker(READING, {
    eval: true,
    workerData: { readers: READERS, origin: `http://127.0.0.1:${server.address.port}` },
  });
  try {
    for (let reader = 0; reader < READERS; reader++) await once(worker, 'message');
    await measure(2 * SECONDS, true);
    const watched = await measure(3 * SECONDS, true);
    const seen = async (): Promise<{ cells: number; state: number }> => {
      worker.postMessage('seen');
      return (await once(worker, 'message'))[0];
    };
    let heard = await seen();
    while (heard.cells < READERS * 2 * SECONDS) heard = await seen();
    assert.equal(heard.cells, READERS * 2 * SECONDS);
    assert.ok(heard.state >= READERS * 2 * SECONDS);
    assert.ok(
      watched - alone < MOST_MS_A_SECOND,
      `${watched.toFixed(2)} ms a second, ${alone.toFixed(2)} without them`,
    );
    if (process.env['SHOW']) console.log(watched, alone);
  } finally {
    await worker.terminate();
  }
});
