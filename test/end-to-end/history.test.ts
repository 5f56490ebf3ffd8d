// Runs that are kept: listed, shown, compared, handed on; what a crash leaves; what a comparison ends with.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { HistoryStore } from '../../src/control/history/history-store.ts';
import { readRecord } from '../../src/report/unpack-run.ts';
import { Command, runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
const file = path.join(scratch.folder, 'history', 'runs.db');
const env = { SIXFOLD_HISTORY: file };
/** Of the server's answers, and of those of a slower one. */
const DELAYS = { usual: 4, slower: 30 };
/** On a machine that is busy with other things two runs may have no steady load in common; so many pairs have not. */
const MOST_PAIRS = 6;
let delayMs = DELAYS.usual;
const server = createServer((_, response) => void setTimeout(() => response.end('x'), delayMs));
let script = '';

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  script = scratch.write(
    'shop.js',
    `import http from 'k6/http';
export const options = { vus: 4, duration: '4s', thresholds: { http_req_failed: ['rate<0.5'] } };
export default () => void http.get('http://127.0.0.1:${port}/menu?token=' + __ENV.TOKEN, { tags: { name: '/menu' } });`,
  );
});
after(() => {
  server.close();
  server.closeAllConnections();
  scratch.remove();
});

const run = (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runCommand(words, { cwd: scratch.folder, env: { ...env, ...more } });
const sixfoldRuns = (...words: string[]) => run(['runs', ...words]);
const listed = async () =>
  JSON.parse((await sixfoldRuns('list', '--json')).stdout) as {
    id: string;
    state: string;
    exitCode: number | null;
    size: number;
    reason: string | null;
    isPinned: boolean;
    headline: { requests: number; thresholds: number } | null;
  }[];

test('a run is kept and shown as its summary was; a slower one is found, and ends with 99', async () => {
  const empty = await sixfoldRuns('list');
  assert.match(empty.stdout, /^There are no runs yet in /);
  const first = await run(['run', '-q', '--fail-on', 'slower', script]);
  assert.equal(first.exit, 0, first.stderr);
  assert.match(first.stderr, /no earlier runs of this script with these options to compare with yet/);
  assert.doesNotMatch(first.stdout, /COMPARISON/);

  const [kept] = await listed();
  assert.deepEqual([kept?.state, kept?.exitCode, kept?.headline?.thresholds], ['ended', 0, 1]);
  const line = /http_reqs\.+: (\d+) /.exec(first.stdout);
  assert.equal(kept?.headline?.requests, Number(line?.[1]));
  const shown = await sixfoldRuns('show', 'last');
  assert.ok(shown.stdout.includes(kept!.id) && shown.stdout.includes('passed'), shown.stdout);
  const resultsOf = (text: string) => text.slice(text.indexOf('█ THRESHOLDS')).trim();
  assert.equal(resultsOf(shown.stdout), resultsOf(first.stdout));

  const runSlower = () => {
    delayMs = DELAYS.slower;
    return run(['run', '-q', '--baseline', 'last', '--fail-on', 'slower,failures', script]);
  };
  let usual = kept!.id;
  let second = await runSlower();
  for (let pairs = 1; second.exit !== 99 && pairs < MOST_PAIRS; pairs++) {
    delayMs = DELAYS.usual;
    await run(['run', '-q', script]);
    usual = (await listed())[0]!.id;
    second = await runSlower();
  }
  assert.equal(second.exit, 99, second.stdout + second.stderr);
  assert.match(second.stderr, /--fail-on slower: it is slower than the earlier runs \(last:1\): http_req_duration/);
  assert.match(
    second.stdout,
    /COMPARISON[\s\S]+with one earlier run \(last:1\)[\s\S]+http_req_duration +med .+ → .+ slower\n/,
  );
  const again = await sixfoldRuns('compare', 'last', usual, '--fail-on', 'slower');
  assert.equal(again.exit, 99);
  assert.match(again.stdout, /http_req_duration +med .+ slower\n/);
  const latest = (await listed())[0]!.id;
  const back = await sixfoldRuns('compare', usual, latest, '--fail-on', 'slower', '--json');
  assert.equal(back.exit, 0, back.stderr);
  const { values } = JSON.parse(back.stdout) as { values: { statistic: string; verdict: string }[] };
  assert.equal(values.find(({ statistic }) => statistic === 'med')?.verdict, 'less');
  delayMs = DELAYS.usual;
});

test('a run goes from one history to another as a file or as a report, and is a baseline as both', async () => {
  const { id } = (await listed())[0]!;
  const report = path.join(scratch.folder, 'old.html');
  const exported = path.join(scratch.folder, 'old.sixfold-run');
  assert.match((await sixfoldRuns('report', id.slice(-6), report)).stdout, /^wrote .+old\.html\n$/);
  assert.match((await sixfoldRuns('export', id, exported)).stdout, /^wrote .+old\.sixfold-run\n$/);
  assert.match(readFileSync(report, 'utf8'), /<script type="text\/plain" id="run">/);
  const other = { SIXFOLD_HISTORY: path.join(scratch.folder, 'other.db') };
  assert.equal(
    (await run(['runs', 'import', report, exported], other)).stdout,
    `imported ${id}\n${id} is there already\n`,
  );
  const shown = await run(['runs', 'show', id, '--json'], other);
  const parsed = JSON.parse(shown.stdout) as { record: { id: string; fingerprint: string; comparison: unknown } };
  assert.equal(parsed.record.id, id);
  assert.ok(parsed.record.comparison, 'its comparison came with it');
  for (const baseline of [report, exported]) {
    const compared = await sixfoldRuns('compare', 'last', baseline);
    assert.match(compared.stdout, /^with one earlier run \(.+old\./, compared.stderr);
  }
  const nothing = scratch.write('nothing.html', '<p>no report</p>');
  const refused = await sixfoldRuns('import', nothing);
  assert.deepEqual([refused.exit, refused.stdout], [255, '']);
  assert.match(
    refused.stderr,
    /cannot import ".+nothing\.html": it is neither a report nor a file of "sixfold runs export"/,
  );
});

test('a run that is killed leaves a row that says so', async () => {
  const command = new Command(['run', '--duration', '5m', script], { cwd: scratch.folder, env });
  await command.printed(/running \(0m0[1-9]/);
  // The launcher and what it started: nobody has time for a word.
  const { id, pid } = newestRow();
  process.kill(pid, 'SIGKILL');
  await command.ended;
  const [row] = await listed();
  assert.deepEqual([row?.id, row?.state, row?.exitCode, row?.size], [id, 'lost', null, 0]);
  assert.match((await sixfoldRuns('list')).stdout, new RegExp(`${id} .+ lost: it ended without a word`));
  const shown = await sixfoldRuns('show', id);
  assert.match(shown.stdout, /Nothing more of it is kept: lost/);
  const report = await sixfoldRuns('report', id);
  assert.deepEqual([report.exit, existsSync(path.join(scratch.folder, `${id}.html`))], [255, false]);
  assert.match(report.stderr, /was lost before its end/);
  assert.match((await sixfoldRuns('rm', id)).stdout, /^removed /);
  assert.ok((await listed()).every((one) => one.id !== id));
});

function newestRow(): { id: string; pid: number } {
  const store = new HistoryStore(file);
  try {
    const [row] = store.list(1);
    assert.equal(row?.state, 'running');
    return { id: row!.id, pid: row!.pid };
  } finally {
    store.close();
  }
}

test('a pinned run is a baseline, until it is no longer', async () => {
  const rows = await listed();
  const { id } = rows.find(({ exitCode, size }) => exitCode === 0 && size > 0)!;
  assert.equal((await sixfoldRuns('pin', id)).stdout, `${id} is pinned\n`);
  assert.match((await sixfoldRuns('list')).stdout, new RegExp(`^\\* +${id}`, 'm'));
  const latest = rows[0]!.id === id ? rows[1]! : rows[0]!;
  assert.match((await sixfoldRuns('compare', latest.id, 'pinned')).stdout, /^with one earlier run \(pinned\)/);
  await sixfoldRuns('pin', '--off', id);
  assert.ok((await listed()).every(({ isPinned }) => !isPinned));
});

test('the file is the user’s alone, and no secret gets into it', async () => {
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  const secret = 'correct-horse-battery';
  const withSecret = scratch.write(
    'secret.js',
    `import http from 'k6/http';
import secrets from 'k6/secrets';
export const options = { iterations: 1, tags: { build: '${secret}' } };
export default async () => {
  const value = await secrets.get('key');
  http.get('http://127.0.0.1:1/' + value, { tags: { mine: value } });
  throw new Error('the value is ' + value);
};`,
  );
  const own = path.join(scratch.folder, 'secret.db');
  const result = await run(['run', '-q', '--secret-source', `mock=key=${secret}`, withSecret], {
    SIXFOLD_HISTORY: own,
  });
  assert.equal(result.exit, 0, result.stderr);
  const store = new HistoryStore(own);
  const [row] = store.list();
  const record = JSON.stringify([row, readRecord(store.read(row!.id)!)]);
  store.close();
  assert.ok(record.includes('REDACTED') || record.includes('***'), record.slice(0, 300));
  assert.ok(!record.includes(secret), 'the secret is in what is kept');
});

test('the same script in another folder is the same test; other options are another', async () => {
  const fingerprints = new Set<string>();
  const own = path.join(scratch.folder, 'same.db');
  const copy = scratch.write('elsewhere/deep/shop.js', readFileSync(script, 'utf8'));
  for (const words of [[script], ['--tag', 'build=7', copy], ['--vus', '5', script]])
    await run(['run', '-q', '--iterations', '8', ...words], { SIXFOLD_HISTORY: own });
  const store = new HistoryStore(own);
  const [other, ...same] = store.list().map(({ fingerprint }) => fingerprint);
  store.close();
  for (const one of same) fingerprints.add(one);
  assert.deepEqual([same.length, fingerprints.size, fingerprints.has(other!)], [2, 1, false]);
});
