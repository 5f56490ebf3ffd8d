// What the service costs: 50 viewers of a live run, and 200 requests a second beside four runs of a thousand series each.
//
//   node bin/node.js bench/service.ts [viewers|requests] [--database postgres://…]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ROOT } from '../scripts/root.ts';
import type { Project, Run } from '../src/service/api/documents.ts';
import { type ServerProcess, spawnServer } from '../src/service/server-process.fixture.ts';
import { Visitor } from '../src/service/service-under-test.fixture.ts';

const VIEWERS = 50;
const MEASURED_MS = 20_000;
const RATE = 200;
const RUNS = 4;
const SERIES = 1000;
/** One may ask 1,200 times a minute. */
const TOKENS = 30;
/** The system counts the time of a process in hundredths of a second. */
const TICK_MS = 10;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { database: { type: 'string' } } });
const parts = positionals.length > 0 ? positionals : ['viewers', 'requests'];
const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-service-bench-'));
const server = await spawnServer({ folder, database: values.database ?? null, isNew: true }, ['--cores', '8']);
try {
  const admin = new Visitor(server.url);
  await admin.setUp(server.setupLink!);
  const project = await admin.post<Project>('/projects', { name: 'Bench', parallelRuns: 10 });
  if (parts.includes('viewers')) await measureViewers(admin, project);
  if (parts.includes('requests')) await measureRequests(admin, project);
} finally {
  server.child.kill('SIGTERM');
  await once(server.child, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

function usedMs({ child }: ServerProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** @returns the part of a core that the server takes */
async function measureShare(): Promise<number> {
  const begun = usedMs(server);
  const at = performance.now();
  await wait(MEASURED_MS);
  return (usedMs(server) - begun) / (performance.now() - at);
}

async function startRun(admin: Visitor, project: Project, name: string, series: number): Promise<string> {
  const script = `import { sleep } from 'k6'; import { Trend } from 'k6/metrics';
    const trend = new Trend('took');
    export const options = { vus: 2, duration: '10m' };
    export default function () { trend.add(__ITER % 100, { n: String(__ITER % ${series}) }); sleep(0.005); }`;
  const made = await admin.makeTest(project.id, name, script);
  const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, { cores: 1 });
  await admin.waitFor(id, 'running');
  return id;
}

async function stop(admin: Visitor, id: string): Promise<void> {
  await admin.expect('POST', `/runs/${id}/orders`, { action: 'stop' });
  await admin.waitFor(id, 'aborted');
}

async function measureViewers(admin: Visitor, project: Project): Promise<void> {
  const id = await startRun(admin, project, 'watched', 20);
  const alone = await measureShare();
  let octets = 0;
  const reading = Array.from({ length: VIEWERS }, async () => {
    const answer = await fetch(`${admin.url}/runs/${id}/events`, { headers: { cookie: admin.cookie! } });
    for await (const part of answer.body!) octets += part.length;
  });
  await wait(1000);
  const watched = await measureShare();
  await stop(admin, id);
  await Promise.all(reading);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  console.log(
    `${VIEWERS} viewers of a live run: the server takes ${percent(watched)} of a core, ${percent(alone)} without them (${octets} octets sent)`,
  );
}

async function measureRequests(admin: Visitor, project: Project): Promise<void> {
  const tokens: string[] = [];
  for (let i = 0; i < TOKENS; i++)
    tokens.push((await admin.post<{ secret: string }>('/tokens', { name: `t${i}`, scopes: ['read'] })).secret);
  const ids: string[] = [];
  for (let i = 0; i < RUNS; i++) ids.push(await startRun(admin, project, `series ${i}`, SERIES));
  const file = path.join(folder, 'load.js');
  const summary = path.join(folder, 'summary.json');
  const places = [
    `/projects/${project.id}/runs?limit=20`,
    `/projects/${project.id}/tests`,
    `/runs/${ids[0]}`,
    '/session',
  ];
  writeFileSync(
    file,
    `import http from 'k6/http'; import { check } from 'k6';
     const tokens = ${JSON.stringify(tokens)}; const places = ${JSON.stringify(places)};
     export const options = { summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'], scenarios: { all: {
       executor: 'constant-arrival-rate', rate: ${RATE}, duration: '20s', preAllocatedVUs: 20, maxVUs: 100 } } };
     export default function () {
       const r = http.get('${admin.url}' + places[Math.floor(Math.random() * places.length)],
         { headers: { authorization: 'Bearer ' + tokens[Math.floor(Math.random() * tokens.length)] } });
       check(r, { 'is 200': () => r.status === 200 });
     }`,
  );
  const begun = usedMs(server);
  const at = performance.now();
  const launcher = path.join(ROOT, 'bin/sixfold.js');
  const words = ['run', '--quiet', '--summary-export', summary, file];
  const load = spawn(process.execPath, [launcher, ...words], { stdio: 'inherit' });
  await once(load, 'exit');
  const share = (usedMs(server) - begun) / (performance.now() - at);
  for (const id of ids) await stop(admin, id);
  const { metrics } = JSON.parse(readFileSync(summary, 'utf8'));
  const took = metrics.http_req_duration;
  console.log(
    `${RATE} requests/s beside ${RUNS} runs of ${SERIES} series: median ${took.med.toFixed(1)} ms, p99 ${took['p(99)'].toFixed(1)} ms; the server takes ${(100 * share).toFixed(0)} % of a core`,
  );
}
