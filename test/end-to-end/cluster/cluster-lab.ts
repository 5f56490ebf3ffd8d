// For tests: a NATS server, agents and a target, each a process of its own, and scripts that tell the target what they do.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type NatsServer, spawnNats } from '../../servers/spawn-nats.ts';
import { Command, type Outcome, Scratch } from '../command.ts';
import { type CountingServer, startCountingServer } from '../counting-server.ts';
import { until } from '../until.ts';

/** As many agents as the tests of faults have, and how they are called. */
export const EIGHT = Array.from({ length: 8 }, (_, index) => `agent-${index + 1}`);
/** Has them make a run. */
export const OVER_EIGHT = ['--agents', '8', '--agents-wait', '40s'];

export class ClusterLab {
  readonly nats: NatsServer;
  readonly target: CountingServer;
  readonly scratch = new Scratch();
  readonly agents: Command[] = [];
  readonly #commands: Command[] = [];

  private constructor(nats: NatsServer, target: CountingServer) {
    this.nats = nats;
    this.target = target;
  }

  /** Starts the servers. */
  static async open(config: readonly string[] = [], maxStore?: string): Promise<ClusterLab> {
    return new ClusterLab(await spawnNats(config, maxStore), await startCountingServer());
  }

  /** The same with a NATS server of one's own. @param host where the target listens */
  static async over(nats: NatsServer, host?: string): Promise<ClusterLab> {
    return new ClusterLab(nats, await startCountingServer(host));
  }

  /** Starts agents and waits until they can be found. @param namespace the network that they are in; this one unless given */
  async startAgents(
    count: number,
    flags: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
    namespace?: string,
  ): Promise<void> {
    const started = Array.from({ length: count }, () => {
      const name = `agent-${this.agents.length + 1}`;
      const agent = this.command(['agent', '--nats', this.nats.url, '--name', name, ...flags], env, namespace);
      this.agents.push(agent);
      return agent;
    });
    await Promise.all(started.map((agent) => agent.printed(/waits for runs/)));
  }

  /** Begins a command. */
  command(words: readonly string[], env: Readonly<Record<string, string>> = {}, namespace?: string): Command {
    const command = new Command(words, {
      cwd: this.scratch.folder,
      env: { XDG_STATE_HOME: this.stateFolder, ...env },
      ...(namespace !== undefined && { namespace }),
    });
    this.#commands.push(command);
    return command;
  }

  /** Begins a run over agents. @param script its source */
  run(script: string, flags: readonly string[]): Command {
    const file = this.scratch.write(`script-${this.#commands.length}.js`, script);
    return this.command(['run', '--nats', this.nats.url, '-e', `TARGET=${this.target.url}`, '-q', ...flags, file]);
  }

  /** Where the commands keep what they know of runs. */
  get stateFolder(): string {
    return `${this.scratch.folder}/state`;
  }

  /** How often the target was asked for each path that begins so. */
  asked(prefix: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const asked of this.target.requests)
      if (asked.startsWith(prefix)) counts.set(asked, (counts.get(asked) ?? 0) + 1);
    return counts;
  }

  /** Ends all that it has started. */
  async close(): Promise<void> {
    for (const { child } of this.#commands) child.kill('SIGKILL');
    await Promise.all(this.#commands.map(({ ended }) => ended));
    await this.nats.stop();
    await this.target.close();
    this.scratch.remove();
  }
}

/** Iterations that tell the target their number in the test; `pause` is how long each takes, in seconds. */
export function numberedScript(name: string, { iterations = 4000, vus = 40, pause = 0 } = {}): string {
  return `
    import exec from 'k6/execution';
    import http from 'k6/http';
    import { sleep } from 'k6';
    import { Trend } from 'k6/metrics';
    const numbers = new Trend('numbers');
    export const options = {
      scenarios: { all: { executor: 'shared-iterations', vus: ${vus}, iterations: ${iterations}, maxDuration: '2m' } },
      summaryTrendStats: ['count', 'min', 'max', 'avg', 'p(50)', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)'],
    };
    export function setup() {
      http.get(__ENV.TARGET + '/${name}/setup');
      return { from: 'setup' };
    }
    export default function (data) {
      if (data.from !== 'setup') throw new Error('no setup data');
      if (exec.vu.iterationInScenario === 0) http.get(__ENV.TARGET + '/${name}/start/' + exec.scenario.startTime, { tags: { name: 'start' } });
      const number = exec.scenario.iterationInTest;
      numbers.add(number);
      http.get(__ENV.TARGET + '/${name}/iteration/' + number, { tags: { name: 'iteration' } });
      ${pause > 0 ? `sleep(${pause});` : ''}
    }
    export function teardown(data) {
      http.get(__ENV.TARGET + '/${name}/teardown/' + data.from);
    }
    export function handleSummary(data) {
      http.post(__ENV.TARGET + '/${name}/summary', JSON.stringify(data.metrics));
      return { stdout: JSON.stringify(Object.fromEntries(Object.entries(data.metrics).map(([key, { values }]) => [key, values]))) };
    }`;
}

export type Values = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** @returns the metrics that {@link numberedScript} prints */
export function metricsOf({ stdout, stderr }: Outcome): Values {
  const line = stdout.split('\n').find((one) => one.startsWith('{'));
  assert.ok(line !== undefined, `no summary:\n${stdout}\n${stderr}`);
  return JSON.parse(line) as Values;
}

/** @throws AssertionError unless every number came exactly once, and setup and teardown did */
export function assertEachOnce(lab: ClusterLab, name: string, iterations = 4000): void {
  const numbers = lab.asked(`/${name}/iteration/`);
  assert.equal(numbers.size, iterations);
  assert.deepEqual(
    [...numbers].filter(([, count]) => count !== 1),
    [],
  );
  assertSetupOnce(lab, name);
}

/** How far apart agents may begin: they read their clocks over the network, on a busy machine. Where one is wrong it is by seconds. */
const LARGEST_SPREAD_MS = 250;

/** The runs that the machine of a lab could lead on. */
export function keptRuns(lab: ClusterLab): string[] {
  return readdirSync(path.join(lab.stateFolder, 'sixfold/runs')).map((file) => path.basename(file, '.json'));
}

/** @throws AssertionError unless all agents have begun at one moment */
export function assertStartedTogether(lab: ClusterLab, name: string): void {
  const times = [...lab.asked(`/${name}/start/`).keys()].map((asked) => Number(asked.split('/').at(-1)));
  const spread = Math.max(...times) - Math.min(...times);
  assert.ok(times.length > 0 && spread <= LARGEST_SPREAD_MS, `${spread} ms between ${times}`);
}

/**
 * Begins a run of {@link numberedScript} over three agents that does not end by itself, and waits until the load is on.
 * @param vus its virtual users
 */
export async function beginEndless(lab: ClusterLab, name: string, vus: number): Promise<Command> {
  const script = numberedScript(name, { iterations: 100_000, vus, pause: 0.1 });
  const run = lab.run(script, ['--agents', '3', '--agents-wait', '40s']);
  await until(() => lab.asked(`/${name}/iteration/`).size > 100, 'load');
  return run;
}

/** @throws AssertionError unless all iterations were counted, but for some that were interrupted or went with a lost agent */
export function assertCounted(lab: ClusterLab, name: string, outcome: Outcome, most: number): void {
  const [made, counted] = [lab.asked(`/${name}/iteration/`).size, metricsOf(outcome)['iterations']!['count']!];
  assert.ok(counted <= made && counted >= made - most, `${counted} of ${made}`);
}

export function assertSetupOnce(lab: ClusterLab, name: string): void {
  assert.deepEqual([...lab.asked(`/${name}/setup`)], [[`/${name}/setup`, 1]]);
  assert.deepEqual([...lab.asked(`/${name}/teardown`)], [[`/${name}/teardown/setup`, 1]]);
}

/** As if the machine stood still, or went on: the agent, and what it has started. */
export function signalMachine(agent: number, signal: NodeJS.Signals): void {
  for (const pid of [agent, loadProcessOf(agent)]) process.kill(pid, signal);
}

/** @returns the process that an agent has started for the load of its run */
export function loadProcessOf(agent: number): number {
  const children = readdirSync(`/proc/${agent}/task`).flatMap((thread) =>
    readFileSync(`/proc/${agent}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  const load = children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('load-child'));
  assert.ok(load !== undefined, `none of ${children} is a load`);
  return load;
}
