// What a place of load does, wherever it is: hears steps and commands (worker-protocol.ts), and has them done.

import { inNextTurn } from '../../node/next-turn.ts';
import type { ScriptRealm } from '../../script/realm.ts';
import { NO_PROGRAMS, type Programs } from '../../vu/programs.ts';
import { sleepers } from '../../vu/sleepers.ts';
import { flushLeftovers } from '../../wire/net/flush-schedule.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import type { RunCounters } from '../run-counters.ts';
import type { CodePlace } from '../script-breaker.ts';
import type { Command, FromHost, Numbered, Reply, Step, ToHost, WorkerStart } from '../worker-protocol.ts';
import { type ScenarioMemory, ScenarioRunner } from './scenario-runner.ts';
import { ScriptHost } from './script-host.ts';
import { Aborted, Stopped } from './step-failures.ts';
import { StepRunner } from './step-runner.ts';

/** How often samples go to the main thread, in ms: k6's own period. */
const FLUSH_PERIOD = 50;

export class WorkerSession {
  readonly #send: (message: FromHost, transfer?: ArrayBuffer[]) => void;
  readonly #memoryOf: (scenario: number, workers: number) => ScenarioMemory;
  readonly #script: ScriptHost;
  readonly #steps: StepRunner;
  readonly #scenarios: ScenarioRunner;
  /** How many share the load of this instance. */
  #workers = 1;
  /** Steps come one at a time, but for what is asked for while the scenarios run. */
  #queue: Promise<void> = Promise.resolve();
  /** Ends the init code that is being run. */
  #cutLoading: ((reason: Error) => void) | null = null;

  /**
   * @param counters of the instance
   * @param memoryOf that of the scenario at a position, once the scenarios are known
   * @param send says something, and may give memory away with it
   * @param programs what runs some for the script
   * @param realm for the script, if one is made already
   */
  constructor(
    start: WorkerStart,
    counters: RunCounters,
    memoryOf: (scenario: number, workers: number) => ScenarioMemory,
    send: (message: FromHost, transfer?: ArrayBuffer[]) => void,
    programs: Programs = NO_PROGRAMS,
    realm?: ScriptRealm,
  ) {
    this.#send = send;
    this.#memoryOf = memoryOf;
    const onAbort = (message: string): void => {
      send({ type: 'abort', message });
      // A step ends by itself, once the call that asked for it has been left.
      if (!this.#steps.isBusy) return;
      inNextTurn(() => this.#steps.cut(new Aborted(message ? `test aborted: ${message}` : 'test aborted')));
    };
    this.#script = new ScriptHost(start, counters, programs, send, onAbort, realm);
    this.#steps = new StepRunner(this.#script);
    this.#scenarios = new ScenarioRunner(this.#script, counters, start.index);
  }

  /** Takes what the control plane says. */
  hear(message: ToHost): void {
    switch (message.type) {
      case 'exit':
        this.#send({ type: 'ended' });
        return;
      case 'stop':
        this.#obey(message);
        this.#send({ type: 'stopped' });
        return;
      case 'pause':
      case 'resume':
      case 'scale':
      case 'secret':
        this.#obey(message);
        return;
      case 'start':
        this.#queue = this.#queue.then(() => void this.#perform(message));
        return;
      default:
        this.#queue = this.#queue.then(() => this.#perform(message));
    }
  }

  /** Does a step and answers it, unless it was cut short. Never rejects. */
  async #perform({ step, ...message }: Numbered<Step>): Promise<void> {
    try {
      const reply = await this.#do(message);
      this.#script.flush();
      this.#send({ ...reply, step });
    } catch (error) {
      this.#script.flush();
      // Why a test was aborted is known already; only teardown has a regular end all the same.
      if (error instanceof Aborted && message.type === 'teardown') this.#send({ type: 'teardown-done', step });
      else if (!(error instanceof Stopped || (error instanceof Aborted && message.type !== 'summary')))
        this.#send({ type: 'failed', failure: this.#script.describeFailure(error), step });
    }
  }

  async #do(step: Step): Promise<Reply> {
    switch (step.type) {
      case 'load': {
        const loaded = new Promise<never>((_, reject) => {
          this.#cutLoading = reject;
        });
        try {
          return {
            type: 'loaded',
            exports: await Promise.race([loaded, this.#script.load(step.program)]),
          };
        } finally {
          this.#cutLoading = null;
        }
      }
      case 'configure': {
        this.#workers = step.count;
        this.#script.configure(step.options);
        setInterval(() => this.#script.flush(), FLUSH_PERIOD).unref();
        // Init code that ends the test waits for what never comes: it must not hold up what follows.
        await this.#steps.cuttable(() => this.#scenarios.initialise(step.scenarios, step.count));
        return { type: 'ready' };
      }
      case 'setup':
        return { type: 'setup-done', setupData: await this.#steps.setup() };
      case 'start': {
        const health = await this.#scenarios.run(
          step.setupData,
          step.atMs,
          { takeover: step.takeover ?? 0, stoodMs: step.stoodMs ?? 0 },
          (scenario) => this.#memoryOf(scenario, this.#workers),
          (scenarios, busyShare) => this.#send({ type: 'progress', scenarios, busyShare }),
        );
        return { type: 'finished', health };
      }
      case 'teardown':
        await this.#steps.teardown(step.setupData);
        return { type: 'teardown-done' };
      case 'summary':
        return { type: 'summary-done', files: await this.#steps.summary(step.data) };
      case 'flush':
        return { type: 'flushed' };
    }
  }

  /** Does at once what it is told, whatever step is in progress. */
  #obey(command: Command): void {
    switch (command.type) {
      case 'stop':
        this.#steps.stop();
        this.#scenarios.stop();
        return;
      case 'pause':
        this.#scenarios.pause();
        return;
      case 'resume':
        this.#scenarios.resume();
        return;
      case 'secret':
        this.#script.secrets.settle(command);
        return;
      case 'scale':
        this.#scenarios.scale(command.scenario, command.vus, command.maxVus);
        return;
    }
  }

  /**
   * The code that runs now is about to be ended by the engine (script-breaker.ts).
   * @param places where it is
   */
  breakOff(places: readonly CodePlace[]): void {
    inNextTurn(() => {
      this.#script.realm.recover();
      flushLeftovers();
      sleepers.recover();
      const reason = this.#script.describeBreak(places);
      // Said even where a step fails of it: one that was given up is broken off so, and its answer is nobody's any more.
      this.#script.environment.logger.log('error', reason.message, { source: 'stacktrace' });
      if (this.#cutLoading) this.#cutLoading(reason);
      else if (this.#steps.isBusy) this.#steps.cut(reason);
      else this.#scenarios.interruptUnsure();
      this.#script.flush();
    });
  }

  reportStrayFailure(failure: WireError): void {
    this.#script.reportStrayFailure(failure);
  }
}
