// For tests: agents of a group of their own, of which some wait to take over the share of those that are lost.
import assert from 'node:assert/strict';
import type { Command } from '../command.ts';
import { assertSetupOnce, type ClusterLab, numberedScript } from './cluster-lab.ts';

const RATE = 60;
/** Numbers of whoever takes a share over begin there. */
export const TAKEN_OVER = 1_000_000_000;
/** A spare agent is to wait. */
export const REPLACE = ['--on-agent-loss', 'replace', '--agents-wait', '20s'];

/** The agents of one test among those of its file. */
export class SpareGroup {
  readonly name: string;
  readonly #lab: ClusterLab;
  readonly #first: number;

  private constructor(lab: ClusterLab, name: string) {
    this.#lab = lab;
    this.name = name;
    this.#first = lab.agents.length;
  }

  static async start(lab: ClusterLab, name: string, count: number): Promise<SpareGroup> {
    const group = new SpareGroup(lab, name);
    await lab.startAgents(count, ['--group', name]);
    return group;
  }

  /** @param number from 1 on, in the order in which they were started, by which shares are given out */
  nameOf(number: number): string {
    return `agent-${this.#first + number}`;
  }

  kill(number: number): void {
    this.#lab.agents[this.#first + number - 1]!.child.kill('SIGKILL');
  }

  /** Begins a run of arrivals, which go by time. */
  run(seconds: number, flags: readonly string[]): Command {
    return this.#lab.run(arrivals(this.name, seconds), [...flags, ...REPLACE, '--agent-group', this.name]);
  }

  /** Of the iterations that were made. */
  get numbers(): number[] {
    return [...this.#lab.asked(`/${this.name}/iteration/`).keys()].map((one) => Number(one.split('/').at(-1)));
  }

  /** Whether there is load. */
  get isUnderWay(): boolean {
    return this.numbers.length > RATE;
  }

  /** Each agent of three makes every third arrival. @throws AssertionError unless a spare one has taken one of the thirds over */
  assertReplaced(spare: number, log: string): void {
    const asked = this.#lab.asked(`/${this.name}/iteration/`);
    assert.deepEqual(
      [...asked].filter(([, count]) => count !== 1),
      [],
    );
    assertSetupOnce(this.#lab, this.name);
    const taken = this.numbers.filter((number) => number >= TAKEN_OVER);
    assert.ok(taken.length > 0, log);
    // One share of three, and nobody else's.
    assert.equal(new Set(taken.map((number) => number % 3)).size, 1);
    assert.match(log, /agent-\d+ was lost: its process is gone; another one takes over 1\/3 of the load/);
    assert.match(log, /1\/3 of the load was missing from second \d+ to \d+ of the test, then it was taken over/);
    assert.match(log, new RegExp(`${this.nameOf(spare)}: [1-9]\\d* iterations`));
  }

  /** What lost agents had measured and not reported yet is gone with them. @param made iterations by the summary */
  assertCounted(made: number): void {
    const all = this.numbers.length;
    assert.ok(made <= all && made > all - 3 * RATE, `${made} of ${all}`);
  }
}

function arrivals(name: string, seconds: number): string {
  return numberedScript(name).replace(
    /scenarios: \{.*\},\n/,
    `scenarios: { all: { executor: 'constant-arrival-rate', rate: ${RATE}, duration: '${seconds}s', preAllocatedVUs: 12 } },\n`,
  );
}
