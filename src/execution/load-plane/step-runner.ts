// Steps that run once, on a virtual user of their own: setup, teardown, handleSummary.

import { inNextTurn } from '../../node/next-turn.ts';
import type { Box, RealmFunction } from '../../script/realm-interface.ts';
import type { Phase } from '../../vu/virtual-user.ts';
import type { ScriptHost } from './script-host.ts';
import { serialiseSetupData } from './setup-data.ts';
import { rejectionsKnown, Stopped, UnhandledRejection } from './step-failures.ts';
import { readSummaryFiles, type SummaryFiles } from './summary-files.ts';

export class StepRunner {
  readonly #script: ScriptHost;
  /** Each ends a step in progress. */
  readonly #cuts = new Set<(reason: Error) => void>();

  constructor(script: ScriptHost) {
    this.#script = script;
  }

  /** Whether there is a step that can be cut. */
  get isBusy(): boolean {
    return this.#cuts.size > 0;
  }

  /** Ends what is in progress, with that reason. */
  cut(reason: Error): void {
    for (const cut of [...this.#cuts]) cut(reason);
  }

  stop(): void {
    this.cut(new Stopped());
  }

  /**
   * Has a step end when it is cut. It begins in a turn of its own: code of a script that is broken off takes its callers with it, and
   * who waits for the step must not be among them.
   * @param interrupt cuts off what the step is doing
   * @throws the reason of the cut
   */
  async cuttable<T>(work: () => Promise<T>, interrupt: () => void = () => {}): Promise<T> {
    let cut!: (reason: Error) => void;
    const isCut = new Promise<never>((_, reject) => {
      cut = (reason) => {
        interrupt();
        reject(reason);
      };
    });
    this.#cuts.add(cut);
    try {
      const done = new Promise<T>((resolve, reject) => inNextTurn(() => void work().then(resolve, reject)));
      return await Promise.race([done, isCut]);
    } finally {
      this.#cuts.delete(cut);
    }
  }

  /** @returns JSON text of what setup returned @throws what it threw; Stopped, Aborted */
  async setup(): Promise<string | undefined> {
    const { value } = await this.#run('setup', 'setup', []);
    return serialiseSetupData(this.#script.realm, value);
  }

  /** @param setupData JSON text @throws what it threw; Stopped, Aborted */
  async teardown(setupData: string | undefined): Promise<void> {
    const data = setupData === undefined ? undefined : this.#script.realm.parseJson(setupData);
    await this.#run('teardown', 'teardown', [data]);
  }

  /** @returns what handleSummary returned; null: the usual summary is wanted @throws what it threw; Stopped, Aborted */
  async summary(data: unknown): Promise<SummaryFiles | null> {
    this.#script.flush();
    this.#script.mute();
    const { value } = await this.#run('summary', 'handleSummary', [this.#script.realm.fromHost(data)]);
    return this.#readSummaryFiles(value);
  }

  /** What cannot be used is logged; k6 prints nothing then, unless it was no object at all. */
  #readSummaryFiles(returned: unknown): SummaryFiles | null {
    try {
      return readSummaryFiles(returned);
    } catch (error) {
      const text = error instanceof Error ? error.message : this.#script.describe(error);
      this.#script.environment.logger.log('error', text);
      return typeof returned === 'object' ? {} : null;
    }
  }

  /**
   * Runs a step on a virtual user of its own, as k6 does.
   * @returns what the script's function returned, boxed: it may have a method `then`, and is no promise for all that
   */
  async #run(phase: Phase, name: string, args: unknown[]): Promise<Box> {
    const { vu, exports } = await this.#script.createVu(0, 0);
    const { samples, metrics, options, now, tracer } = this.#script.environment;
    vu.phase = phase;
    for (const [key, value] of Object.entries(options.tags)) vu.tags = vu.tags.with(key, value);
    vu.group = phase === 'summary' ? '' : `::${phase}`;
    if (options.systemTags.includes('group')) vu.tags = vu.tags.with('group', vu.group);
    if (tracer !== null && phase !== 'summary') vu.beginTrace(tracer);
    const begin = now();
    let problem: string | null = 'failed';
    const before = { ...vu.meter };
    // In an iteration it is only logged; of a step it is the failure, as in k6.
    const rejected = new Promise<never>((_, reject) => {
      vu.loop.onUnhandledRejection = (reason) => {
        vu.interrupt();
        reject(new UnhandledRejection(reason));
      };
    });
    try {
      const work = async (): Promise<Box> => {
        const result = await vu.loop.run(exports[name] as RealmFunction, undefined, args);
        await vu.loop.idle();
        await rejectionsKnown();
        problem = null;
        return result;
      };
      return await this.cuttable(
        () => Promise.race([work(), rejected]),
        () => vu.interrupt(),
      );
    } finally {
      if (phase !== 'summary') {
        const end = now();
        vu.trace?.end({ name: phase, begin, end, problem, attributes: [] });
        samples.add(metrics.data_sent, vu.tags, vu.meter.sent - before.sent, end);
        samples.add(metrics.data_received, vu.tags, vu.meter.received - before.received, end);
      }
      vu.dispose();
    }
  }
}
