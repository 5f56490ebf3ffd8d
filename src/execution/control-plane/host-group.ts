// The load hosts of one machine as a single one: what an agent has its threads do, and what it says of them.
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { Options } from '../../options/options.ts';
import type { ScenarioConfig } from '../../options/scenario-config.ts';
import type { ExecutorProgress } from '../executor.ts';
import type { GeneratorHealth } from '../generator-health.ts';
import type { LoadHost, LoadHosts } from '../load-host.ts';
import { mergeProgress } from '../scenario-progress.ts';
import type { Command, LoadEvent, Reply, ReplyTo, ScenarioProgress, Step } from '../worker-protocol.ts';

type Failed = Extract<Reply, { type: 'failed' }>;
type StepOf<T extends Step['type']> = Extract<Step, { type: T }>;

/** What the hosts of a group say beside their progress, which is asked for. @param index which of them */
export type GroupListener = (event: Exclude<LoadEvent, { type: 'progress' }>, index: number) => void;

export interface GroupProgress {
  readonly scenarios: readonly ScenarioProgress[];
  /** Of the busiest host. */
  readonly busyShare: number;
}

export class HostGroup implements LoadHost {
  readonly #load: LoadHosts;
  readonly #listener: GroupListener;
  readonly #countFor: (options: Options, scenarios: readonly ScenarioConfig[]) => number;
  readonly #hosts: LoadHost[] = [];
  readonly #progress = new Map<number, GroupProgress>();
  /** Whose secrets have been asked for, by numbers of the group. */
  readonly #secrets = new Map<number, { readonly index: number; readonly id: number }>();
  #secretCount = 0;
  #program: StepOf<'load'> | null = null;

  /** @param countFor how many hosts a test gets */
  constructor(
    load: LoadHosts,
    listener: GroupListener,
    countFor: (options: Options, scenarios: readonly ScenarioConfig[]) => number,
  ) {
    this.#load = load;
    this.#listener = listener;
    this.#countFor = countFor;
    this.#start();
  }

  #start(): void {
    const index = this.#hosts.length;
    this.#hosts.push(this.#load.start(index, (event) => this.#hear(event, index)));
  }

  #hear(event: LoadEvent, index: number): void {
    if (event.type === 'progress') {
      this.#progress.set(index, event);
    } else if (event.type === 'secret') {
      const id = this.#secretCount++;
      this.#secrets.set(id, { index, id: event.id });
      this.#listener({ ...event, id }, index);
    } else this.#listener(event, index);
  }

  get alive(): boolean {
    return this.#hosts.some((host) => host.alive);
  }

  /** Where the scenarios stand. */
  get progress(): GroupProgress {
    const parts = new Map<string, ExecutorProgress[]>();
    for (const { scenarios } of this.#progress.values())
      for (const { name, progress } of scenarios) parts.set(name, [...(parts.get(name) ?? []), progress]);
    return {
      scenarios: [...parts].map(([name, all]) => ({ name, progress: mergeProgress(all) })),
      busyShare: Math.max(0, ...[...this.#progress.values()].map(({ busyShare }) => busyShare)),
    };
  }

  /** As {@link LoadHost.ask}; limits are measured by whoever leads the test. */
  async ask<S extends Step>(step: S): Promise<ReplyTo<S> | Failed | null>;
  async ask(step: Step): Promise<Reply | null> {
    switch (step.type) {
      case 'load':
        this.#program = step;
        return this.#hosts[0]!.ask(step);
      case 'configure':
        return this.#configure(step);
      case 'start':
        return this.#runScenarios(step);
      case 'flush':
        await Promise.all(this.#alive.map((host) => host.ask(step)));
        return { type: 'flushed' };
      case 'setup':
      case 'teardown':
      case 'summary':
        return this.#first.ask(step);
    }
  }

  get #alive(): LoadHost[] {
    return this.#hosts.filter((host) => host.alive);
  }

  get #first(): LoadHost {
    // One that has died says why.
    return this.#alive[0] ?? this.#hosts[0]!;
  }

  async #configure(step: StepOf<'configure'>): Promise<Reply | null> {
    const count = Math.max(this.#hosts.length, this.#countFor(step.options, step.scenarios));
    const before = this.#hosts.length;
    while (this.#hosts.length < count) this.#start();
    const loaded = await Promise.all(this.#hosts.slice(before).map((host) => host.ask(this.#program!)));
    const failed = loaded.find((reply) => reply?.type !== 'loaded');
    if (failed !== undefined) return failed;
    const ready = await Promise.all(this.#hosts.map((host) => host.ask({ ...step, count })));
    return ready.find((reply) => reply?.type !== 'ready') ?? ready[0]!;
  }

  /** @throws ExitError where some of the load went missing on the way, once the rest is done */
  async #runScenarios(step: StepOf<'start'>): Promise<Reply | null> {
    const outcomes = await Promise.allSettled(this.#hosts.map((host) => host.ask(step)));
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as Error);
    if (lost.length > 0) {
      const [error] = lost;
      const code = error instanceof ExitError ? error.exitCode : EXIT.internalError;
      throw new ExitError(code, `${lost.length} of ${this.#hosts.length} of its threads ended: ${error!.message}`);
    }
    const replies = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const other = replies.find((reply) => reply?.type !== 'finished');
    if (other !== undefined) return other;
    const health = replies.flatMap((reply) => (reply?.type === 'finished' ? [reply.health] : []));
    return { type: 'finished', health: health.reduce(busier) };
  }

  tell(command: Command): void {
    if (command.type !== 'secret') {
      for (const host of this.#hosts) host.tell(command);
      return;
    }
    const asked = this.#secrets.get(command.id);
    this.#secrets.delete(command.id);
    if (asked !== undefined) this.#hosts[asked.index]!.tell({ ...command, id: asked.id });
  }

  async exit(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.exit()));
  }
}

function busier(a: GeneratorHealth, b: GeneratorHealth): GeneratorHealth {
  return b.busyShare > a.busyShare ? b : a;
}
