// How long it takes until all agents begin, until all of them stop, and until a dead one is named: by the clocks of those that do it, without
// the time for which the machine gave nobody the processor.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Envelope } from '../../../src/cluster/envelope.ts';
import type { Decision, Recorded } from '../../../src/cluster/messages.ts';
import { runSubjects, streamOf } from '../../../src/cluster/subjects.ts';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { until } from '../until.ts';
import { ClusterLab, keptRuns, loadProcessOf } from './cluster-lab.ts';
import { StallWatch } from './stall-watch.ts';

const options = { skip: NO_NATS };
const AGENTS = 8;
const FLAGS = ['--agents', String(AGENTS), '--agents-wait', '40s'];
let lab: ClusterLab;
let stalls: StallWatch;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  stalls = new StallWatch();
  await lab.startAgents(AGENTS);
});
after(async () => {
  await stalls?.close();
  await lab?.close();
});

/** What a script has told the target under a path: numbers. */
const told = (prefix: string): number[][] =>
  [...lab.asked(prefix).keys()].map((asked) => asked.slice(prefix.length).split('/').map(Number));

test('all agents begin within 20 ms of each other', options, async () => {
  const [ready, begun] = [lab.target.hold('/ready'), lab.target.hold('/begun')];
  const run = lab.run(
    `import exec from 'k6/execution';
     import http from 'k6/http';
     export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: ${AGENTS}, iterations: 1 } } };
     export function setup() { http.post(__ENV.TARGET + '/ready'); }
     export default function () {
       const now = Date.now();
       http.post(__ENV.TARGET + '/begun', String(now));
     }`,
    FLAGS,
  );
  await ready.next();
  const loads = lab.agents.map(({ child }) => loadProcessOf(child.pid!));
  const before = loads.map(waitedMs);
  ready.release();
  const times: number[] = [];
  while (times.length < AGENTS) times.push(Number(await begun.next()));
  // What each has waited for a core since it was ready: on a busy machine that holds some of them up.
  const waits = loads.map((load, index) => waitedMs(load) - before[index]!);
  begun.release();
  const outcome = await run.ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  const spread = Math.max(...times) - Math.min(...times);
  const waited = Math.max(...waits);
  assert.ok(spread - waited <= 20, `${spread} ms, of which one has waited ${waited.toFixed(1)} ms for a core`);
});

/** For how long the threads of a process have been ready to run, and have not, in ms. */
function waitedMs(pid: number): number {
  let waited = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      waited += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[1]);
    } catch {
      // It has ended in between.
    }
  }
  return waited / 1e6;
}

test('a threshold that is crossed over all agents stops all of them within 2 s', options, async () => {
  const most = 80;
  const outcome = await lab.run(
    `import http from 'k6/http';
     import { sleep } from 'k6';
     import { Counter } from 'k6/metrics';
     const made = new Counter('made');
     export const options = {
       vus: 16, duration: '60s', thresholds: { made: [{ threshold: 'count<${most}', abortOnFail: true }] },
     };
     export default function () {
       const now = Date.now();
       made.add(1);
       http.get(__ENV.TARGET + '/crossed/' + now + '/' + __VU + '/' + __ITER);
       sleep(0.1);
     }`,
    FLAGS,
  ).ended;
  assert.equal(outcome.exit, 99, outcome.stderr);
  const times = told('/crossed/')
    .map(([now]) => now!)
    .sort((a, b) => a - b);
  const [crossed, last] = [times[most - 1]!, times.at(-1)!];
  stalls.assertWithin(
    2000,
    crossed,
    last,
    'from the sample that crosses the threshold to the last iteration that begins',
  );
});

test('an agent that is killed is named within 3 s', options, async () => {
  const run = lab.run(
    `import http from 'k6/http';
     import { sleep } from 'k6';
     export const options = { vus: 16, duration: '2m' };
     export default function () { http.get(__ENV.TARGET + '/killed/' + __VU + '/' + __ITER); sleep(0.1); }`,
    FLAGS,
  );
  await until(() => lab.asked('/killed/').size > 100, 'load');
  const killedAt = Date.now();
  lab.agents[3]!.child.kill('SIGKILL');
  await run.printed(/the agent agent-4 was lost: its process is gone/);
  const [lost] = (await readDecisions()).filter(({ decision }) => decision.type === 'lost');
  assert.deepEqual(lost?.decision, { type: 'lost', agent: 3, reason: 'its process is gone' });
  stalls.assertWithin(3000, killedAt, lost.recordedAt, 'from the death of an agent to its loss in the record');
  const [id] = keptRuns(lab);
  const stopped = await lab.command(['cluster', 'stop', id!]).ended;
  assert.equal(stopped.exit, 0, stopped.stderr);
  await run.ended;
});

/** @returns decisions of the run in progress, with when NATS has recorded them, in ms since the epoch */
async function readDecisions(): Promise<{ decision: Decision; recordedAt: number }[]> {
  const [id] = keptRuns(lab);
  const file = readFileSync(path.join(lab.stateFolder, `sixfold/runs/${id}.json`), 'utf8');
  const envelope = Envelope.of((JSON.parse(file) as { key: string }).key);
  const connection = await connect({ servers: lab.nats.url });
  try {
    const manager = await jetstreamManager(connection);
    const { commands } = runSubjects(id!);
    const decisions: { decision: Decision; recordedAt: number }[] = [];
    const { state } = await manager.streams.info(streamOf(id!));
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage(streamOf(id!), { seq });
      if (message?.subject !== commands) continue;
      const { decision } = envelope.openJson<Recorded>(message.data);
      decisions.push({ decision, recordedAt: message.time.getTime() });
    }
    return decisions;
  } finally {
    await connection.close();
  }
}
