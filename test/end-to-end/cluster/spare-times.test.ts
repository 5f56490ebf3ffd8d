// The time of a run is one, whoever leads it, and whenever an agent comes to it.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT } from '../../../scripts/root.ts';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { findFreePort } from '../../servers/spawn-on-loopback.ts';
import { until } from '../until.ts';
import { ClusterLab, keptRuns } from './cluster-lab.ts';
import { REPLACE, SpareGroup, TAKEN_OVER } from './spare-lab.ts';

const options = { skip: NO_NATS };
const DURATION_MS = 600_000;
const PAUSE_MS = 6000;
/** More than the whole test takes. */
const AHEAD_MS = 3_600_000;
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
  }
  export function handleSummary({ state }) { return { stdout: 'lasted ' + state.testRunDurationMs + '\\n' }; }`;

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
  'pauses do not count for who leads on, nor for a spare agent that it appoints, and its clock may be another one',
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
    const preload = path.join(ROOT, 'test/end-to-end/cluster/skewed-clock.fixture.ts');
    const env = { NODE_OPTIONS: `--import=${preload}`, CLOCK_AHEAD_MS: String(AHEAD_MS) };
    const second = lab.command(['cluster', 'attach', keptRuns(lab)[0]!], env);
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
    const lasted = Number(/lasted ([\d.]+)/.exec(outcome.stdout)?.[1]);
    assert.ok(lasted > 0 && lasted < AHEAD_MS, `${lasted} ms`);
  },
);
