import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { encodeBlock } from '../../metrics/timeline/timeline-block.ts';
import { mapColumns } from '../../metrics/timeline/timeline-data.ts';
import { bareRecord } from '../../report/bare-record.fixture.ts';
import { deflateRun } from '../../report/pack-run.ts';
import { RECORD_FORMAT, type RunRecord } from '../../report/run-record.ts';
import { toRunFile } from '../../report/unpack-run.ts';
import { compareStored, readStored, unpackStored } from './compare-stored.ts';
import { findBaseline, parseBaseline } from './find-baseline.ts';
import { HistoryStore } from './history-store.ts';
import { importRun } from './import-run.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-baseline-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

const HEADLINE = {
  durationMs: 1,
  iterations: 0,
  failedIterations: 0,
  requests: 0,
  failed: 0,
  protocol: null,
  p95: null,
  thresholds: 0,
  crossed: 0,
};

/** A run without a request, as it is kept. */
function packed(id: string, change: Partial<RunRecord> = {}): Buffer {
  const record = bareRecord({ id, fingerprint: 'f', startedAtMs: 1000.4, durationMs: 500, ...change });
  const columns = mapColumns(() => []);
  const block = encodeBlock({ startMs: 1000, cellMs: 250, cells: 0, sliceCells: 1, columns, codes: [], rows: [] });
  return deflateRun({ record, block });
}

function createStore(): HistoryStore {
  return new HistoryStore(path.join(folder, `${files++}.db`));
}

function keep(
  store: HistoryStore,
  id: string,
  startedAtMs: number,
  run: Uint8Array = packed(id),
  fingerprint = 'f',
): void {
  store.begin({ id, name: 'script.js', fingerprint, version: '1', host: os.hostname(), startedAtMs });
  store.finish(id, { endedAtMs: startedAtMs + 1, exitCode: 0, reason: null, headline: HEADLINE, run });
}

const NOW = { id: 'now', fingerprint: 'f', startedAtMs: 100 };
const idsOf = (found: ReturnType<typeof findBaseline>): string[] | undefined =>
  found?.runs.map(({ record }) => record.id);

test('without a word the last five runs count, if there are three', () => {
  const store = createStore();
  const found = () => idsOf(findBaseline({ kind: 'default' }, store, NOW));
  for (const [index, id] of ['a', 'b', 'c', 'd', 'e', 'g'].entries()) {
    assert.deepEqual(found(), index < 3 ? undefined : ['a', 'b', 'c', 'd', 'e'].slice(0, index).reverse());
    keep(store, id, index + 1);
  }
  assert.deepEqual(found(), ['g', 'e', 'd', 'c', 'b']);
  assert.equal(findBaseline({ kind: 'default' }, store, { ...NOW, fingerprint: 'other' }), null);
  assert.deepEqual(idsOf(findBaseline({ kind: 'default' }, store, { ...NOW, startedAtMs: 4 })), ['c', 'b', 'a']);
  assert.equal(findBaseline({ kind: 'default' }, null, NOW), null, 'a history that is off is no mistake');
  store.close();
});

test('so many as are asked for, or as there are', () => {
  const store = createStore();
  for (const [index, id] of ['a', 'b', 'c'].entries()) keep(store, id, index + 1);
  const found = findBaseline({ kind: 'last', count: 2 }, store, NOW);
  assert.deepEqual([found?.name, idsOf(found)], ['last:2', ['c', 'b']]);
  assert.deepEqual(idsOf(findBaseline({ kind: 'last', count: 50 }, store, NOW)), ['c', 'b', 'a']);
  assert.equal(findBaseline({ kind: 'last', count: 1 }, store, { ...NOW, startedAtMs: 1 }), null);
  assert.equal(findBaseline({ kind: 'none' }, store, NOW), null);
  store.close();
});

test('what is kept and cannot be read takes no part, and ends nothing', () => {
  const store = createStore();
  keep(store, 'good', 1);
  keep(store, 'broken', 2, new Uint8Array(40).fill(7));
  keep(store, 'later', 3, packed('later', { format: RECORD_FORMAT + 1 }));
  keep(store, 'better', 4);
  assert.deepEqual(idsOf(findBaseline({ kind: 'last', count: 4 }, store, NOW)), ['better', 'good']);
  assert.deepEqual(idsOf(findBaseline({ kind: 'default' }, store, NOW)), ['better', 'good']);
  for (const [id, reason] of [
    ['broken', /--baseline broken: it is no run/],
    ['later', /--baseline later: a later version of Sixfold made it/],
  ] as const)
    assert.throws(() => findBaseline({ kind: 'id', id }, store, NOW), { exitCode: 104, message: reason });
  store.close();
});

test('pinned runs are those of the same script and options, without the run itself', () => {
  const store = createStore();
  const pinned = () => findBaseline({ kind: 'pinned' }, store, NOW);
  assert.throws(pinned, { exitCode: 104, message: /no run is pinned/ });
  keep(store, 'other', 1, packed('other'), 'another');
  store.pin('other', true);
  assert.throws(pinned, { exitCode: 104, message: /no pinned run is of this script/ });
  for (const [index, id] of ['a', 'b', 'now'].entries()) {
    keep(store, id, index + 2);
    store.pin(id, true);
  }
  assert.deepEqual(idsOf(pinned()), ['b', 'a']);
  store.close();
});

test('a run is named by its id, or by a file of it', () => {
  const store = createStore();
  keep(store, '20260101-abc', 1);
  store.begin({ id: 'lost', name: 's', fingerprint: 'f', version: '1', host: 'elsewhere', startedAtMs: 1 });
  const found = findBaseline({ kind: 'id', id: 'abc' }, store, { ...NOW, fingerprint: 'another' });
  assert.deepEqual([found?.name, idsOf(found)], ['20260101-abc', ['20260101-abc']]);
  assert.throws(() => findBaseline({ kind: 'id', id: 'lost' }, store, NOW), { exitCode: 104, message: /was lost/ });
  assert.throws(() => findBaseline({ kind: 'id', id: 'zzz' }, store, NOW), {
    exitCode: 104,
    message: /there is no run/,
  });
  for (const kind of ['pinned', 'last', 'id'] as const)
    assert.throws(() => findBaseline({ kind, count: 1, id: 'a' }, null, NOW), {
      exitCode: 104,
      message: /needs the history/,
    });

  const file = path.join(folder, 'kept.run');
  writeFileSync(file, toRunFile(packed('of-a-file')));
  assert.deepEqual(idsOf(findBaseline(parseBaseline(file), null, NOW)), ['of-a-file']);
  const html = path.join(folder, 'report.html');
  writeFileSync(
    html,
    `<html><script type="text/plain" id="run">${packed('of-a-report').toString('base64')}</script></html>`,
  );
  assert.deepEqual(idsOf(findBaseline(parseBaseline(html), null, NOW)), ['of-a-report']);
  writeFileSync(file, 'neither');
  for (const wrong of [file, path.join(folder, 'missing.run'), folder + path.sep])
    assert.throws(
      () => findBaseline(parseBaseline(wrong), null, NOW),
      { exitCode: 104, message: /cannot read/ },
      wrong,
    );
  store.close();
});

test('a run of another machine is taken in once, with whole milliseconds', () => {
  const store = createStore();
  const run = packed('imported');
  assert.deepEqual(importRun(store, run), { id: 'imported', isNew: true });
  assert.deepEqual(importRun(store, run), { id: 'imported', isNew: false });
  const row = store.find('imported')!;
  assert.deepEqual(
    [row.name, row.startedAtMs, row.endedAtMs, row.host, row.pid, row.state, row.exitCode],
    ['script.js', 1000, 1500, 'elsewhere', 0, 'ended', 0],
  );
  assert.deepEqual(Buffer.from(readStored(store, row)), run);
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('no'),
    packed('../etc/passwd'),
    packed('', {}),
    packed('x', { id: 'a b' }),
  ])
    assert.throws(() => importRun(store, bytes), /it is no run/);
  store.close();
});

test('comparing says what is missing: the run, or one before it', () => {
  const store = createStore();
  keep(store, 'only', 5);
  store.begin({ id: 'going', name: 's', fingerprint: 'f', version: '1', host: os.hostname(), startedAtMs: Date.now() });
  store.begin({ id: 'gone', name: 's', fingerprint: 'f', version: '1', host: os.hostname(), startedAtMs: 6 });
  const compare = (id: string) => compareStored(store, store.find(id)!, { kind: 'last', count: 1 });
  assert.throws(() => compare('only'), {
    exitCode: 255,
    message: /no earlier run of script\.js with the same options/,
  });
  assert.throws(() => compare('going'), { exitCode: 255, message: /is not over yet/ });
  assert.throws(() => compare('gone'), { exitCode: 255, message: /was lost before its end/ });
  keep(store, 'before', 4);
  assert.equal(compare('only').baseline, 'last:1');
  store.close();
});

test('what is kept of a run and cannot be read is named with what removes it', () => {
  assert.throws(() => unpackStored(Buffer.from('x'), 'some-run'), {
    exitCode: 255,
    message: /what is kept of the run some-run cannot be read: it is no run.*"sixfold runs rm some-run"/,
  });
});
