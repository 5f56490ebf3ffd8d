// `sixfold cloud run --local-execution`: the load is made here, the server keeps and shows the run, and its loss costs the test nothing.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { unpackRun } from '../../src/report/unpack-run.ts';
import type { LogLine, Page, Project, Run } from '../../src/service/api/documents.ts';
import { OVER, ServiceUnderTest } from '../../src/service/service-under-test.fixture.ts';
import { Command, type Outcome, runCommand, Scratch } from './command.ts';
import { until } from './until.ts';

const scratch = new Scratch();
let service: ServiceUnderTest;
let project: Project;
let token: string;

before(async () => {
  service = await ServiceUnderTest.start();
  project = await service.project('Shop');
  token = (await service.addToken(['run'], project.id)).token!;
});
after(async () => {
  await service.stop();
  scratch.remove();
});

const place = (url = service.service.url) => ({
  cwd: scratch.folder,
  env: { K6_CLOUD_HOST: url, K6_CLOUD_TOKEN: token },
});
const words = (...more: string[]) => ['cloud', 'run', '--local-execution', ...more];
const here = (...more: string[]): Promise<Outcome> => runCommand(words(...more), place());
const idIn = (text: string): string => /\/runs\/([\da-f-]{36})/.exec(text)![1]!;

/** A way to the server that can be cut and mended. */
async function openWay(): Promise<{ url: string; cut(): void; mend(): void; close(): void }> {
  const { port: target } = new URL(service.service.url);
  let isCut = false;
  const sockets = new Set<net.Socket>();
  const way = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    if (isCut) {
      socket.destroy();
      return;
    }
    const other = net.connect(Number(target), '127.0.0.1');
    other.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => other.destroy());
    socket.pipe(other);
    other.pipe(socket);
  });
  way.listen(0, '127.0.0.1');
  await once(way, 'listening');
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(way.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true;
      drop();
    },
    mend: () => {
      isCut = false;
    },
    close: () => {
      drop();
      way.close();
    },
  };
}

test('the server has record, log, summary, files and verdict of a run that was made here', async () => {
  scratch.write(
    'here.js',
    `import { check } from 'k6';
     export const options = { iterations: 3, thresholds: { checks: ['rate>0.9'] } };
     export default function () { console.log('host ' + __ENV.HOST); check(1, { right: () => __ENV.HOST === 'a' }); }
     export const handleSummary = () => ({ stdout: 'mine\\n', 'left.txt': 'of the script' });`,
  );
  const passed = await here('here.js', '-e', 'HOST=a', '--note', 'from here');
  assert.equal(passed.exit, 0, passed.stderr);
  assert.match(passed.stdout, /mine/);
  const { admin } = service;
  const id = idIn(passed.stdout);
  const run = await admin.get<Run>(`/runs/${id}`);
  assert.deepEqual(
    [run.state, run.exitCode, run.note, run.isReported, run.headline?.iterations, run.parameters],
    ['passed', 0, 'from here', true, 3, { HOST: 'a' }],
  );
  const { lines } = await admin.get<{ lines: LogLine[] }>(`/runs/${id}/logs`);
  assert.deepEqual(
    lines.map(({ message }) => message).filter((message) => message.startsWith('host')),
    Array(3).fill('host a'),
  );
  assert.equal((await admin.get<{ text: string }>(`/runs/${id}/summary`)).text, 'mine\n');
  assert.equal((await admin.expect('GET', `/runs/${id}/files/left.txt`)).text, 'of the script');
  const kept = await fetch(`${admin.url}/runs/${id}/timeline`, { headers: { cookie: admin.cookie! } });
  const { record } = unpackRun(new Uint8Array(await kept.arrayBuffer()));
  assert.deepEqual([record.id, record.exitCode, record.iterations.completed], [id, 0, 3]);
  const failed = await here('here.js', '-e', 'HOST=b', '--no-cloud-logs');
  assert.equal(failed.exit, 99);
  const second = await admin.get<Run>(`/runs/${idIn(failed.stdout)}`);
  assert.deepEqual([second.state, second.exitCode], ['failed', 99]);
  assert.match(second.reason!, /thresholds on metrics 'checks'/);
  assert.deepEqual((await admin.get<{ lines: LogLine[] }>(`/runs/${second.id}/logs`)).lines, []);
});

test('it is followed live and steered from the server', async (t) => {
  scratch.write(
    'long.js',
    `import { sleep } from 'k6';
     export const options = { scenarios: { all: { executor: 'externally-controlled', vus: 1, maxVUs: 3 } } };
     export default function () { sleep(0.05); }`,
  );
  const { admin } = service;
  const command = new Command(words('long.js'), place());
  t.after(() => command.child.kill('SIGKILL'));
  const { items } = await (async () => {
    const find = () => admin.get<Page<Run>>(`/projects/${project.id}/runs?state=running`);
    await until(async () => (await find()).items.length === 1, 'the server shows the run');
    return find();
  })();
  const { id } = items[0]!;
  const events = fetch(`${admin.url}/runs/${id}/events?after=0`, { headers: { cookie: admin.cookie! } });
  const text = events.then((answer) => answer.text());
  const order = (body: object) => admin.expect('POST', `/runs/${id}/orders`, body);
  await order({ action: 'scale', vus: 3 });
  await until(async () => (await admin.get<Run>(`/runs/${id}`)).progress?.activeVus === 3, 'three virtual users loop');
  assert.equal((await admin.call('GET', `/runs/${id}/timeline`)).status, 200);
  await order({ action: 'stop' });
  const { exit } = await command.ended;
  assert.equal(exit, 103);
  const run = await admin.waitFor(id, ...OVER);
  assert.deepEqual([run.state, run.exitCode], ['aborted', 103]);
  assert.match(await text, /event: cells\n[\s\S]*event: end\n/);
});

test('a server that is gone for a while costs the test nothing, and has all of it in the end', async () => {
  const target = createServer((_, response) => response.end());
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const way = await openWay();
  scratch.write(
    'cut.js',
    `import http from 'k6/http'; import { sleep } from 'k6';
     export const options = { scenarios: { all: { executor: 'externally-controlled', vus: 1, maxVUs: 1 } } };
     export default function () {
       http.get('http://127.0.0.1:${(target.address() as AddressInfo).port}/'); console.log('line ' + __ITER); sleep(0.05);
     }`,
  );
  const command = new Command(words('cut.js'), place(way.url));
  try {
    const { admin } = service;
    await command.printed(/line 5/);
    const id = idIn(command.stdout);
    await until(async () => (await admin.get<Run>(`/runs/${id}`)).state === 'running', 'it has begun there');
    way.cut();
    await command.printed(/the server does not answer \(.*\): the test goes on/);
    const last = Number([...command.stderr.matchAll(/line (\d+)/g)].at(-1)![1]);
    await command.printed(new RegExp(`line ${last + 20}\\b`));
    // Long enough, and the server writes the run off; it takes it back.
    const { query } = service.service.database;
    await query.updateTable('run').set({ lease_ms: 1 }).where('id', '=', id).execute();
    const lost = await admin.waitFor(id, 'error');
    assert.match(
      lost.reason!,
      /^whoever makes the run elsewhere has not been heard of for too long: what was measured/,
    );
    way.mend();
    await command.printed(/the server answers again/);
    await admin.waitFor(id, 'running');
    await admin.expect('POST', `/runs/${id}/orders`, { action: 'stop' });
    assert.equal((await command.ended).exit, 103);
    const run = await admin.waitFor(id, ...OVER);
    assert.equal(run.state, 'aborted');
    const { lines } = await admin.get<{ lines: LogLine[] }>(`/runs/${id}/logs`);
    const said = lines.flatMap(({ message }) => (message.startsWith('line ') ? [Number(message.slice(5))] : []));
    assert.deepEqual(said, [...said.keys()], 'each line is there, once');
    // The last one may have been cut short behind its line.
    assert.ok([0, 1].includes(said.length - run.headline!.iterations), `${run.headline!.iterations} of ${said.length}`);
  } finally {
    command.child.kill('SIGKILL');
    way.close();
    target.close();
  }
});

test('what excludes --local-execution is refused; without a server nothing is run', async () => {
  scratch.write('never.js', `export default function () { console.log('it ran'); }`);
  const cores = await here('never.js', '--cores', '2');
  assert.deepEqual([cores.exit, /--cores says how the server runs a test/.test(cores.stderr)], [104, true]);
  const logs = await runCommand(['cloud', 'run', '--no-cloud-logs', 'never.js'], place());
  assert.deepEqual([logs.exit, /goes with --local-execution only/.test(logs.stderr)], [104, true]);
  const gone = await runCommand(words('never.js'), place('http://127.0.0.1:27099'));
  assert.equal(gone.exit, 98);
  assert.doesNotMatch(gone.stderr, /it ran/);
});
