// A server that is killed while it has a run in each state: none is lost, none runs twice, and what is lost is said.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { until } from '../../test/end-to-end/until.ts';
import { unpackRun } from '../report/unpack-run.ts';
import type { LogLine, Project, Run } from './api/documents.ts';
import { type ServerProcess, spawnServer } from './server-process.fixture.ts';
import { OVER, Visitor } from './service-under-test.fixture.ts';
import { openDatabase } from './storage/database.ts';

/** What scripts call: what they have called is counted, and answers are held back until somebody opens the gate. */
async function openGate() {
  const hits = new Map<string, number>();
  const held = new Map<string, (() => void)[]>();
  const server = createServer(({ url = '' }, response) => {
    hits.set(url, (hits.get(url) ?? 0) + 1);
    if (url.startsWith('/free/')) response.end();
    else held.set(url, [...(held.get(url) ?? []), () => response.end()]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    countOf: (place: string) => hits.get(place) ?? 0,
    open: (place: string) => {
      for (const answer of held.get(place) ?? []) answer();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const SCRIPTS = {
  /** Its only iteration never ends. */
  once: `export const options = { iterations: 1 }; export default function () { http.get(GATE + '/once', { timeout: '10m' }); }`,
  /** Its init code does not end in its first run. */
  starting: `while (Date.now() < Number(__ENV.UNTIL)); export default function () { http.get(GATE + '/free/starting'); console.log('once'); }`,
  running: `export const options = { duration: '10m' }; export default function () { http.get(GATE + '/free/running'); sleep(0.02); }`,
  stopping: `export const options = { duration: '10m', teardownTimeout: '10m' };
    export default function () { sleep(0.1); } export function teardown() { http.get(GATE + '/teardown', { timeout: '10m' }); }`,
  /** Ends when the gate is opened. */
  ending: `export const options = { iterations: 1 }; export default function () { http.get(GATE + '/ending', { timeout: '10m' }); console.log('the last'); }`,
  queued: `export default function () { http.get(GATE + '/free/queued'); console.log('once'); }`,
};

/** @param open the address of an empty database; null: SQLite */
export function describeKill(name: string, open: () => Promise<string | null>): void {
  const skip = process.platform === 'win32' && 'a process cannot be stopped there without being ended';
  test(`${name}: a server is killed while it has a run in each state`, { skip }, async (t) => {
    const address = await open();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-killed-'));
    const gate = await openGate();
    const servers: ServerProcess[] = [];
    t.after(() => {
      for (const { child } of servers) child.kill('SIGKILL');
      gate.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const first = await spawnServer({ folder, database: address, isNew: true }, ['--cores', '5']);
    servers.push(first);
    const admin = new Visitor(first.url);
    await admin.setUp(first.setupLink!);
    const [project, narrow] = [
      await admin.post<Project>('/projects', { name: 'Killed', parallelRuns: 10 }),
      await admin.post<Project>('/projects', { name: 'Narrow', parallelRuns: 1 }),
    ];
    const start = async (what: keyof typeof SCRIPTS, { id }: Project, body: object = {}): Promise<string> => {
      const head = `import http from 'k6/http'; import { sleep } from 'k6'; const GATE = '${gate.url}';\n`;
      const made = await admin.makeTest(id, what, head + SCRIPTS[what]);
      return (await admin.post<Run>(`/tests/${made.id}/runs`, body)).id;
    };
    const runs = {
      once: await start('once', project),
      running: await start('running', project),
      stopping: await start('stopping', project),
      ending: await start('ending', narrow),
      queued: await start('queued', narrow),
      starting: await start('starting', project, { parameters: { UNTIL: String(Date.now() + 600_000) } }),
    };
    await admin.waitFor(runs.stopping, 'running');
    await admin.expect('POST', `/runs/${runs.stopping}/orders`, { action: 'stop' });
    await until(async () => {
      const { progress } = await admin.get<Run>(`/runs/${runs.running}`);
      return gate.countOf('/teardown') === 1 && gate.countOf('/once') === 1 && (progress?.completed ?? 0) >= 20;
    }, 'each has come as far as it is to come');
    await until(() => gate.countOf('/ending') === 1, 'the one that is to end waits at the gate');
    const states = await Promise.all(
      Object.values(runs).map(async (id) => (await admin.get<Run>(`/runs/${id}`)).state),
    );
    assert.deepEqual(states, ['running', 'running', 'stopping', 'running', 'queued', 'starting']);
    const children = process.platform === 'linux' ? first.children() : [];

    // It is stopped first, so that one of its runs ends and it hears nothing of that.
    first.child.kill('SIGSTOP');
    gate.open('/ending');
    const [own] = readdirSync(folder).filter((entry) => entry.startsWith('server-'));
    const left = (id: string) => existsSync(path.join(folder, own!, 'work', id, 'left.bin'));
    await until(() => left(runs.ending), 'one has left how it ended');
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    await until(
      () => left(runs.running) && left(runs.stopping) && left(runs.once),
      'the others have left how far they were',
    );
    const isAlive = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await until(() => !children.some(isAlive), 'no run goes on without its server');
    const database = await openDatabase(address ?? path.join(folder, 'sixfold.db'), folder);
    const { query } = database;
    await query.updateTable('run').set({ parameters: '{}' }).where('id', '=', runs.starting).execute();
    const counted = gate.countOf('/free/running');

    const second = await spawnServer({ folder, database: address }, ['--cores', '5']);
    servers.push(second);
    const later = new Visitor(second.url);
    await later.signIn();
    const ended = async (what: keyof typeof runs): Promise<Run> => later.waitFor(runs[what], ...OVER);
    for (const what of ['queued', 'starting'] as const) {
      const run = await ended(what);
      assert.deepEqual([what, run.state, run.exitCode, run.reason], [what, 'passed', 0, null]);
      assert.equal(gate.countOf(`/free/${what}`), 1, `${what} has run once`);
      const { lines } = await later.get<{ lines: LogLine[] }>(`/runs/${run.id}/logs`);
      assert.equal(lines.filter(({ message }) => message === 'once').length, 1);
    }
    const ending = await ended('ending');
    assert.deepEqual([ending.state, ending.headline?.iterations], ['passed', 1]);
    assert.match((await later.get<{ text: string }>(`/runs/${ending.id}/summary`)).text, /iterations\.+: 1/);
    const begun = [
      ['once', /^the server that ran it has ended before the run did: its load ended with the server, and what was/],
      ['running', /^the server that ran it has ended before the run did: .* measured until then, 20\S+Z, is kept$/],
      ['stopping', /^the server that ran it has ended before the run did, while it was being stopped: its load ended/],
    ] as const;
    for (const [what, reason] of begun) {
      const run = await ended(what);
      assert.deepEqual([what, run.state, run.exitCode], [what, 'error', 109]);
      assert.match(run.reason!, reason);
    }
    const kept = await fetch(`${later.url}/runs/${runs.running}/timeline`, { headers: { cookie: later.cookie! } });
    const { record } = unpackRun(new Uint8Array(await kept.arrayBuffer()));
    assert.ok(record.iterations.completed >= 20, `${record.iterations.completed} iterations are kept`);
    assert.deepEqual(
      [gate.countOf('/once'), gate.countOf('/teardown'), gate.countOf('/free/running')],
      [1, 1, counted],
      'nothing that had begun was run again',
    );
    await until(() => !readdirSync(folder).includes(own!), 'the folder of the dead server is removed');
    await database.close();
    second.child.kill('SIGTERM');
    await once(second.child, 'exit');
  });
}
