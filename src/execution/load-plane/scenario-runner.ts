// The scenarios in one load worker: its virtual users, and the executors that have them iterate.
import { TagSet } from '../../metrics/tag-set.ts';
import type { ScenarioConfig } from '../../options/scenario-config.ts';
import { findShare, type Share } from '../../options/segment.ts';
import type { ScenarioState } from '../../vu/virtual-user.ts';
import { PausableClock, RealClock } from '../clock.ts';
import type { Executor, SharedCounter } from '../executor.ts';
import { createExecutor } from '../executors/create-executor.ts';
import { type GeneratorHealth, HealthMonitor } from '../generator-health.ts';
import type { RunCounters } from '../run-counters.ts';
import type { TurnClaims } from '../turn-claims.ts';
import { planVus } from '../vu-plan.ts';
import type { ScenarioProgress } from '../worker-protocol.ts';
import { ComputingWatch } from './computing-watch.ts';
import { type IterationContext, PooledVu } from './pooled-vu.ts';
import type { ScriptHost } from './script-host.ts';
import { Stopped } from './step-failures.ts';
import { VuPool } from './vu-pool.ts';

/** How often the control plane hears of the scenarios' progress, in ms. */
const PROGRESS_PERIOD = 100;

/** What a scenario tells, and counts, in memory of the threads. */
export interface ScenarioMemory {
  readonly iterations: SharedCounter;
  readonly claims: TurnClaims;
}

export class ScenarioRunner {
  readonly #script: ScriptHost;
  readonly #counters: RunCounters;
  /** Position of this worker among all of them. */
  readonly #index: number;
  /** The time of the scenarios: it stands still while the run is paused. */
  readonly #clock = new PausableClock(new RealClock());
  readonly #iterations: IterationContext & { setupData: string | undefined };
  readonly #pool: VuPool;
  #share: Share = findShare('', '');
  #scenarios: readonly ScenarioConfig[] = [];
  #executors: Executor[] = [];
  #stopped = false;

  constructor(script: ScriptHost, counters: RunCounters, index: number) {
    this.#script = script;
    this.#counters = counters;
    this.#index = index;
    this.#iterations = {
      setupData: undefined,
      counters,
      clock: this.#clock,
      reportError: (vu, error) => script.reportIterationError(vu, error),
    };
    this.#pool = new VuPool((index) => this.#createVu(index));
  }

  /**
   * Makes the virtual users that the scenarios need in this worker.
   * @param workers that share the load of this instance
   * @throws what the first init code to fail threw; Stopped
   */
  async initialise(scenarios: readonly ScenarioConfig[], workers: number): Promise<void> {
    this.#scenarios = scenarios;
    const { executionSegment: segment, executionSegmentSequence: sequence } = this.#script.environment.options;
    this.#share = findShare(segment, sequence).forWorker(this.#index, workers);
    await this.#pool.initialise(planVus(scenarios, this.#share).planned);
  }

  /**
   * Runs all scenarios.
   * @param setupData JSON text of what setup returned
   * @param atMs when they start, in ms since the epoch
   * @param takeover how many had this share before, where it is taken over
   * @param stoodMs how long the run has stood still since it started
   * @param memoryOf that of the scenario at a position
   * @param report hears ten times a second how far they are
   * @returns how the worker was doing meanwhile
   */
  async run(
    setupData: string | undefined,
    atMs: number,
    { takeover, stoodMs }: { readonly takeover: number; readonly stoodMs: number },
    memoryOf: (scenario: number) => ScenarioMemory,
    report: (scenarios: readonly ScenarioProgress[], busyShare: number) => void,
  ): Promise<GeneratorHealth> {
    this.#iterations.setupData = setupData;
    this.#clock.adopt(stoodMs);
    this.#executors = this.#scenarios.map((config, index) =>
      this.#createExecutor(config, memoryOf(index), atMs, takeover),
    );
    if (this.#stopped) for (const executor of this.#executors) executor.stop();
    const monitor = new HealthMonitor();
    const computing = new ComputingWatch({
      scenarios: this.#scenarios,
      locate: (...place) => this.#script.locateFunction(...place),
    });
    this.#iterations.computing = computing;
    let toldMs = performance.now();
    const tell = (): void => {
      const nowMs = performance.now();
      computing.onPeriod(nowMs - toldMs, PROGRESS_PERIOD);
      toldMs = nowMs;
      report(
        this.#executors.map((executor) => ({
          name: executor.config.name,
          progress: executor.progress(this.#clock.now()),
        })),
        monitor.readBusyShare(),
      );
    };
    const reporting = setInterval(tell, PROGRESS_PERIOD);
    monitor.start();
    await Promise.all(this.#executors.map((executor) => executor.run(atMs)));
    const places = computing.read();
    const health = { ...monitor.read(), ...(places.length > 0 && { computing: places }) };
    monitor.stop();
    clearInterval(reporting);
    tell();
    this.#pool.dispose();
    return health;
  }

  /** Interrupts everything in progress. */
  stop(): void {
    this.#stopped = true;
    for (const executor of this.#executors) executor.stop();
    this.resume();
  }

  /** Lets the time of the scenarios stand still: nothing new starts, what is in progress goes on. */
  pause(): void {
    this.#clock.pause();
  }

  resume(): void {
    this.#clock.resume();
  }

  /** Changes the virtual users of an externally controlled scenario, over all workers of the test. */
  scale(scenario: string, vus: number, maxVus: number): void {
    this.#executors.find(({ config }) => config.name === scenario)?.scale?.(vus, maxVus);
  }

  /** Cuts off the iterations that may never go on, after code was broken off. */
  interruptUnsure(): void {
    this.#pool.interruptUnsure();
    for (const executor of this.#executors) executor.recover();
  }

  async #createVu(index: number): Promise<PooledVu> {
    if (this.#stopped) throw new Stopped();
    const { vu, exports } = await this.#script.createVu(
      this.#share.inInstance(index) + 1,
      this.#share.inTest(index) + 1,
    );
    vu.phase = 'iteration';
    this.#counters.initialiseVu();
    return new PooledVu(vu, exports, this.#iterations);
  }

  #createExecutor(
    config: ScenarioConfig,
    { iterations, claims }: ScenarioMemory,
    startMs: number,
    takeover: number,
  ): Executor {
    const { options, samples, metrics, logger, now } = this.#script.environment;
    let tags = TagSet.EMPTY;
    for (const [key, value] of Object.entries({ ...options.tags, ...config.tags })) tags = tags.with(key, value);
    if (options.systemTags.includes('scenario')) tags = tags.with('scenario', config.name);
    const dropTags = tags;
    if (options.systemTags.includes('group')) tags = tags.with('group', '');
    const scenario: ScenarioState = {
      name: config.name,
      executor: config.executor,
      exec: config.exec,
      env: config.env,
      hasBrowser: config.browser !== null,
      tags,
      startTime: startMs + config.startTimeMs,
      progress: () => executor.progress(this.#clock.now()).share,
    };
    const lend = (vu: PooledVu): PooledVu => {
      this.#counters.changeActive(1);
      vu.join(scenario);
      return vu;
    };
    const executor = createExecutor(config, {
      clock: this.#clock,
      share: this.#share,
      iterations,
      claims,
      takeover,
      requestVu: (receive) => this.#pool.request((vu) => receive(lend(vu))),
      releaseVu: (vu) => {
        this.#counters.changeActive(-1);
        this.#pool.release(vu as PooledVu);
      },
      createVu: async () => {
        if (this.#stopped) return null;
        try {
          return lend(await this.#pool.requestExtra());
        } catch (error) {
          logger.log('error', this.#script.describe(error), { scenario: config.name });
          return null;
        }
      },
      dropIterations: (count) => samples.add(metrics.dropped_iterations, dropTags, count, now()),
      warn: (message) => logger.log('warning', message, { executor: config.executor, scenario: config.name }),
    });
    return executor;
  }
}
