// A run that stands still does so for whoever leads it on, and for agents that come to it later.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { findFreePort } from '../../servers/spawn-on-loopback.ts';
import { until } from '../until.ts';
import { ClusterLab, keptRuns } from './cluster-lab.ts';
import { REPLACE, SpareGroup, TAKEN_OVER } from './spare-lab.ts';

const options = { skip: NO_NATS };
const DURATION_MS = 600_000;
const PAUSE_MS = 6000;
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
});
after(() => lab?.close());

/** Tells the target with each iteration when the scenario would have begun, by how much of it is over. */
const SCRIPT = `
  import exec from 'k6/execution';
  import http from 'k6/http';
  import { sleep } from 'k6';
  export const options = { scenarios: { all: { executor: 'constant-vus', vus: 6, duration: '${DURATION_MS}ms' } } };
  export default function () {
    const origin = Math.round(Date.now() - exec.scenario.progress * ${DURATION_MS});
    http.get(__ENV.TARGET + '/origin/' + exec.scenario.iterationInTest + '/' + origin);
    sleep(0.2);
  }`;

/** Iterations so far: their numbers, and the origins that they have told. */
function told(): { readonly number: number; readonly origin: number }[] {
  return lab.target.requests
    .filter((request) => request.startsWith('/origin/'))
    .map((request) => {
      const [, , number, origin] = request.split('/');
      return { number: Number(number), origin: Number(origin) };
    });
}

test(
  'whoever leads dies in a pause: who leads on ends it, and a spare agent is where the others are',
  options,
  async () => {
    const group = await SpareGroup.start(lab, 'times', 4);
    const address = `127.0.0.1:${await findFreePort()}`;
    const first = lab.run(SCRIPT, [
      ...['--agents', '3', '--spares', '1', ...REPLACE, '--agent-group', group.name, '--address', address],
    ]);
    await until(() => told().length > 30, 'load');
    const paused = await lab.command(['pause', '--address', address]).ended;
    assert.equal(paused.exit, 0, paused.stderr);
    const pausedAt = performance.now();
    await until(() => performance.now() - pausedAt > PAUSE_MS, 'a pause');
    first.child.kill('SIGKILL');
    await first.ended;
    const second = lab.command(['cluster', 'attach', keptRuns(lab)[0]!]);
    const stands = async (): Promise<boolean> => {
      const { stdout } = await lab.command(['status', '--address', address]).ended;
      return /^paused: true$/m.test(stdout);
    };
    await until(stands, 'a run that stands still for who leads on as well');
    const before = told().length;
    const resumed = await lab.command(['resume', '--address', address]).ended;
    assert.equal(resumed.exit, 0, resumed.stderr);
    await until(() => told().length > before + 30, 'load that goes on');
    const origin = Math.max(...told().map((one) => one.origin));
    group.kill(2);
    await second.printed(/then it was taken over/);
    const ofSpare = (): number[] => told().flatMap((one) => (one.number >= TAKEN_OVER ? [one.origin] : []));
    await until(() => ofSpare().length > 3, 'load of the spare agent');
    for (const time of ofSpare())
      assert.ok(Math.abs(time - origin) < PAUSE_MS / 2, `${time - origin} ms later than for the others`);
    second.child.kill('SIGINT');
    const outcome = await second.ended;
    assert.equal(outcome.exit, 105, outcome.stderr);
  },
);
