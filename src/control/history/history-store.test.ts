import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { findOne, parseBaseline } from './find-baseline.ts';
import { findHistory } from './history-place.ts';
import { migrate } from './history-schema.ts';
import { HistoryStore, type NewRun } from './history-store.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-history-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = () => path.join(folder, String(files++), 'runs.db');

const HEADLINE = {
  durationMs: 1000,
  iterations: 10,
  failedIterations: 0,
  requests: 20,
  failed: 1,
  protocol: 'http',
  p95: 12.5,
  thresholds: 2,
  crossed: 1,
};
const newRun = (id: string, change: Partial<NewRun> = {}): NewRun => ({
  id,
  name: 'script.js',
  fingerprint: 'f',
  version: '1',
  host: os.hostname(),
  startedAtMs: 1000,
  ...change,
});
function keep(store: HistoryStore, id: string, startedAtMs: number, size = 10, exitCode = 0): void {
  store.begin(newRun(id, { startedAtMs }));
  const run = new Uint8Array(size).fill(7);
  store.finish(id, { endedAtMs: startedAtMs + 5, exitCode, reason: null, headline: HEADLINE, run });
}
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

test('a run is found as it was kept, and nobody else may read the file', () => {
  const file = newFile();
  const store = new HistoryStore(file);
  keep(store, '20260101-aaa', 1000, 10, 99);
  const [row] = store.list();
  assert.deepEqual(
    [row?.state, row?.exitCode, row?.endedAtMs, row?.size, row?.headline],
    ['ended', 99, 1005, 10, HEADLINE],
  );
  assert.deepEqual(store.read('20260101-aaa'), new Uint8Array(10).fill(7));
  assert.equal(store.read('nothing'), null);
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  store.close();
});

test('four programs that write at once lose nothing', async () => {
  const file = newFile();
  const fixture = fileURLToPath(new URL('history-writer.fixture.ts', import.meta.url));
  const codes = await Promise.all(
    ['a', 'b', 'c', 'd'].map(
      (name) =>
        new Promise((resolve) => {
          spawn(process.execPath, [fixture, file, '40', name], { stdio: 'inherit' }).on('exit', resolve);
        }),
    ),
  );
  assert.deepEqual(codes, [0, 0, 0, 0]);
  const store = new HistoryStore(file);
  const rows = store.list();
  assert.equal(rows.length, 160);
  for (const { id, state } of rows) {
    assert.equal(state, 'ended');
    assert.equal(inflateRawSync(store.read(id)!).toString(), `the run ${id} `.repeat(2000));
  }
  store.close();
});

test('a run whose process is gone is lost; one of another machine when it is silent for long', () => {
  const store = new HistoryStore(newFile());
  const now = Date.now();
  store.begin(newRun('here', { startedAtMs: now }));
  store.begin(newRun('elsewhere', { startedAtMs: now - 1, host: 'elsewhere' }));
  store.begin(newRun('silent', { startedAtMs: now - 3_600_000, host: 'elsewhere' }));
  store.touch('here', { ...HEADLINE, durationMs: 7 }, now);
  const states = store.list().map(({ id, state, headline }) => [id, state, headline?.durationMs]);
  assert.deepEqual(states, [
    ['here', 'running', 7],
    ['elsewhere', 'running', undefined],
    ['silent', 'lost', undefined],
  ]);
  store.close();
});

test('what is too much goes, the oldest first, and what is pinned stays', () => {
  const file = newFile();
  const store = new HistoryStore(file, { runs: 3, bytes: 3_000_000 });
  keep(store, 'pinned', 1, 1_000_000);
  store.pin('pinned', true);
  for (let index = 2; index < 8; index++) keep(store, `run-${index}`, index);
  assert.deepEqual(idsOf(store.list()), ['run-7', 'run-6', 'run-5', 'pinned']);
  keep(store, 'large', 10, 2_900_000);
  keep(store, 'larger', 11, 2_900_000);
  assert.deepEqual(idsOf(store.list()), ['larger', 'pinned'], 'by their octets too');
  store.remove('larger');
  store.pin('pinned', false);
  keep(store, 'huge', 12, 4_000_000);
  assert.deepEqual(idsOf(store.list()), ['huge'], 'the latest one stays whatever its size');
  store.remove('huge');
  store.close();
  assert.ok(statSync(file).size < 200_000, `${statSync(file).size} octets are left of an empty history`);
});

test('runs are named by either end of their ids, and complete ones found by what they ran', () => {
  const store = new HistoryStore(newFile());
  keep(store, '20260101-080000-abc', 1);
  keep(store, '20260101-090000-bcd', 2, 10, 107);
  keep(store, '20260102-080000-cde', 3);
  store.begin(newRun('20260103-080000-def', { startedAtMs: 4 }));
  const find = (text: string) => findOne(store, text).id;
  assert.equal(find('cde'), '20260102-080000-cde');
  assert.equal(find('20260102'), '20260102-080000-cde');
  assert.equal(find('last'), '20260103-080000-def');
  assert.throws(() => find('20260101'), /may be 20260101-080000-abc, 20260101-090000-bcd: write more/);
  for (const none of ['', '%', '_', 'zzz']) assert.throws(() => find(none), /there is no run/);
  assert.deepEqual(idsOf(store.listComplete('f', 100, 5)), ['20260102-080000-cde', '20260101-080000-abc']);
  assert.deepEqual(idsOf(store.listComplete('f', 3, 5)), ['20260101-080000-abc']);
  assert.deepEqual(store.listComplete('other', 100, 5), []);
  store.close();
});

test('a file of a later version is refused and left alone; one of an earlier version is brought up to date', () => {
  const later = newFile();
  new HistoryStore(later).close();
  const database = new DatabaseSync(later);
  database.exec('PRAGMA user_version = 99');
  database.close();
  assert.throws(() => new HistoryStore(later), /a later version of Sixfold made it \(schema 99; this one knows \d+\)/);
  assert.throws(() => new HistoryStore(later), /later version/, 'again');

  const steps = ['CREATE TABLE one (a)', 'CREATE TABLE two (a)', 'ALTER TABLE one ADD COLUMN b'];
  const old = new DatabaseSync(':memory:');
  migrate(old, steps.slice(0, 1));
  old.exec("INSERT INTO one VALUES ('kept')");
  migrate(old, steps);
  migrate(old, steps);
  assert.deepEqual({ ...old.prepare('SELECT * FROM one').get() }, { a: 'kept', b: null });
  assert.throws(() => migrate(old, [...steps, 'CREATE TABLE three (a); NONSENSE']));
  assert.equal(old.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'three'").get()?.['n'], 0);
  assert.equal(old.prepare('PRAGMA user_version').get()?.['user_version'], 3);
});

test('what is no database, and a folder that cannot be, are errors', () => {
  const broken = path.join(folder, 'broken.db');
  writeFileSync(broken, 'this is no database '.repeat(100));
  assert.throws(() => new HistoryStore(broken), /not a database/);
  assert.throws(() => new HistoryStore('/dev/null/runs.db'));
});

test('the place is the user’s own, unless a variable says otherwise', () => {
  assert.deepEqual(findHistory({ SIXFOLD_HISTORY: 'off', XDG_DATA_HOME: '/x' }), { kind: 'off' });
  assert.deepEqual(findHistory({ SIXFOLD_HISTORY: '/a/b.db' }), { kind: 'file', file: '/a/b.db' });
  if (process.platform === 'win32') return;
  assert.deepEqual(findHistory({ XDG_DATA_HOME: '/x' }), { kind: 'file', file: '/x/sixfold/runs.db' });
});

test('baselines are read as they are meant', () => {
  assert.deepEqual(parseBaseline('last'), { kind: 'last', count: 1 });
  assert.deepEqual(parseBaseline('last:5'), { kind: 'last', count: 5 });
  assert.deepEqual(parseBaseline('pinned'), { kind: 'pinned' });
  assert.deepEqual(parseBaseline('20260101-abc'), { kind: 'id', id: '20260101-abc' });
  assert.deepEqual(parseBaseline('runs/old.html'), { kind: 'file', file: 'runs/old.html' });
  for (const wrong of ['last:0', 'last:', 'last:x', 'last:51', '', 'a b'])
    assert.throws(() => parseBaseline(wrong), /--baseline/, wrong);
});
