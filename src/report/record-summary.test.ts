import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../metrics/engine.fixture.ts';
import { Timeline } from '../metrics/timeline/timeline.ts';
import { encodeBlock } from '../metrics/timeline/timeline-block.ts';
import { buildRecord, type RecordSource } from './build-record.ts';
import { compareRecords } from './compare-records.ts';
import { headlineOf } from './headline.ts';
import { deflateRun, packRun } from './pack-run.ts';
import { summariseRecord } from './record-summary.ts';
import type { RunRecord } from './run-record.ts';
import { META, thresholds } from './summary.fixture.ts';
import { buildSummary } from './summary.ts';
import { renderTextSummary } from './text-summary.ts';
import { findRun, readRecord, toRunFile, unpackRun } from './unpack-run.ts';

const START = 1_795_857_120_000;

/** A run with a bit of everything, and what its summary says at its end. */
function createRun(endpoints = 3) {
  const timeline = new Timeline(10_000);
  timeline.begin(START);
  const { engine, metrics, feed } = createEngine({
    thresholds: thresholds({
      http_req_duration: ['p(95)<10'],
      'http_req_duration{name:"/a b", kind:x:y}': ['max<5000'],
      checks: ['rate>0.5'],
    }),
    receiversFor: (metric, tags) => timeline.receiversFor(metric, tags),
  });
  feed(metrics.checks, [1, 0], { check: 'ok', group: '::a::b' });
  feed(metrics.checks, [1], { check: 'ok', group: '' });
  for (let index = 0; index < endpoints; index++)
    feed(metrics.http_req_duration, [10, 20 + index], { name: `/${index}`, status: '200' });
  feed(metrics.http_req_duration, [30], { name: '/a b', kind: 'x:y' });
  feed(metrics.http_reqs, [1], { name: '/0', error_code: '1212', error: 'refused' });
  engine.evaluate(1000, true);
  timeline.finish(START + 1000);
  const source: RecordSource = {
    id: '20261128-091204-7f3c2e',
    script: 's.js',
    durationMs: META.durationMs,
    plannedMs: 10_000,
    state: 'ended',
    isPaused: false,
    exitCode: 99,
    reason: 'crossed',
    iterations: { completed: 3, interrupted: 0, failed: 1, firstFailure: 'why' },
    concerns: ['mind'],
    engine,
    timeline,
    scenarios: [],
    tags: {},
    health: [],
  };
  return { engine, source, record: buildRecord(source), data: timeline.read() };
}

test('a run that was kept is summarised as it was at its end', () => {
  const { engine, record } = createRun();
  const kept = summariseRecord(JSON.parse(JSON.stringify(record)) as RunRecord);
  const live = buildSummary(engine, META);
  assert.deepEqual(
    kept.metrics.map(({ key, name, tags, type, thresholds: all }) => [key, name, tags, type, all]),
    live.metrics.map(({ key, name, tags, type, thresholds: all }) => [key, name, tags, type, all]),
  );
  for (const metric of live.metrics)
    for (const [statistic, value] of Object.entries(metric.values))
      assert.equal(
        kept.metrics.find(({ key }) => key === metric.key)!.values[statistic],
        value,
        `${metric.key} ${statistic}`,
      );
  assert.deepEqual(kept.checks, [{ name: 'ok', passes: 2, fails: 1 }]);
  assert.deepEqual(
    kept.failures.map(({ code, count, total, message }) => [code, count, total, message]),
    live.failures.map(({ code, count, total, message }) => [code, count, total, message]),
  );
  assert.deepEqual(kept.meta.iterations, { completed: 3, interrupted: 0, failed: 1, firstFailure: 'why' });
});

test('a key that cannot be read is a name', () => {
  const { record } = createRun();
  const odd = { ...record, metrics: record.metrics.map((metric) => ({ ...metric, key: 'took{kind' })), thresholds: [] };
  assert.deepEqual(
    summariseRecord(odd).metrics.map(({ name, tags }) => [name, tags]),
    odd.metrics.map(() => ['took{kind', []]),
  );
});

test('a run comes back from its bytes, from a file of it and from a report', () => {
  const { record, data } = createRun();
  const bytes = deflateRun(packRun(record, data));
  const back = unpackRun(bytes);
  assert.deepEqual(back.record, JSON.parse(JSON.stringify({ ...record, timeline: { ...record.timeline, folded: 0 } })));
  assert.deepEqual(
    back.data.rows.map(({ count }) => Array.from(count)),
    data.rows.map(({ count }) => Array.from(count)),
  );
  assert.deepEqual(readRecord(bytes), back.record);
  assert.deepEqual(findRun(toRunFile(bytes)), bytes);
  assert.deepEqual(
    findRun(Buffer.from(`<!doctype html><script type="text/plain" id="run">${bytes.toString('base64')}</script>`)),
    bytes,
  );
});

test('of many endpoints the busiest stay, and what is said of the others adds up', () => {
  const { record, data } = createRun(300);
  const { record: packed, block } = packRun(record, data);
  const back = unpackRun(deflateRun({ record: packed, block }));
  const rows = back.record.timeline.rows;
  assert.equal(rows.filter(({ kind }) => kind === 'endpoint').length, 200);
  assert.equal(back.record.timeline.folded, 101);
  const total = (all: readonly { kind: string }[], of: typeof data): number =>
    all.reduce((sum, { kind }, place) => {
      if (kind !== 'endpoint' && kind !== 'other') return sum;
      return sum + Array.from(of.rows[place]!.count).reduce((a, b) => a + b, 0);
    }, 0);
  assert.equal(total(rows, back.data), total(record.timeline.rows, data));
  assert.equal(
    rows.at(-1)!.maxMs,
    Math.max(...record.timeline.rows.filter(({ name }) => /^\/2\d\d$/.test(name)).map(({ maxMs }) => maxMs)),
  );
});

type Holder = Record<string, unknown>;

test('whatever stands in a record in place of something else is refused with its name, or is shown', () => {
  const { record, data } = createRun();
  const packed = packRun(record, data);
  const plain = JSON.parse(JSON.stringify(packed.record)) as object;
  const places: string[][] = [];
  const walk = (value: unknown, at: readonly string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      places.push([...at, key]);
      walk(inner, [...at, key]);
    }
  };
  walk(plain, []);
  assert.ok(places.length > 200);
  for (const place of places)
    for (const instead of [null, 7, 'x', true, [], {}]) {
      const changed = structuredClone(plain);
      const holder = place.slice(0, -1).reduce((at: Holder, key) => at[key] as Holder, changed as Holder);
      holder[place.at(-1)!] = instead;
      let run: ReturnType<typeof unpackRun>;
      try {
        run = unpackRun(deflateRun({ ...packed, record: changed as RunRecord }));
      } catch (error) {
        assert.match((error as Error).message, /^(?:it is no run|a later version)/, place.join('.'));
        continue;
      }
      renderTextSummary(summariseRecord(run.record), { mode: 'full', colour: false, columns: 80 });
      headlineOf(run.record, run.data);
      compareRecords(run, [run], 'itself');
    }
});

test('bytes that are no run are refused in words, whatever is wrong with them', () => {
  const { record, data } = createRun();
  const block = encodeBlock(data);
  const run = (change: object, of = block) => deflateRun({ record: { ...record, ...change } as RunRecord, block: of });
  const cases: [name: string, bytes: Uint8Array, reason: RegExp][] = [
    ['nothing', Buffer.alloc(0), /it is no run/],
    ['no deflate', Buffer.from('hello'), /it is no run/],
    ['cut off', run({}).subarray(0, 40), /it is no run/],
    ['a later format', run({ format: 99 }), /a later version of Sixfold made it \(format 99/],
    ['no format', run({ format: undefined }), /it has no format/],
    ['a name that leads elsewhere', run({ id: '../../x' }), /its record is not whole/],
    ['no name', run({ id: 5 }), /its record is not whole/],
    ['no timeline', run({ timeline: null }), /its record is not whole/],
    [
      'rows that the block has not',
      run({ timeline: { ...record.timeline, rows: [] } }),
      /its parts do not fit together/,
    ],
    ['a block that ends too early', run({}, block.subarray(0, 20)), /ends too early/],
  ];
  for (const [name, bytes, reason] of cases) assert.throws(() => unpackRun(bytes), reason, name);
  for (const file of ['', 'sixfold-run 2\n', '<html></html>', '<script type="text/plain" id="run"></script>'])
    assert.throws(() => findRun(Buffer.from(file)), /neither a report nor a file/, file);
});
