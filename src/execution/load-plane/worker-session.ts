// What a load worker does, from the script's init code to handleSummary.
import { registerBuiltIns } from '../../metrics/built-in.ts';
import { MetricRegistry } from '../../metrics/metric-registry.ts';
import { SampleWriter } from '../../metrics/sample-writer.ts';
import { TagSet } from '../../metrics/tag-set.ts';
import { loadHostModules } from '../../modules/registry.ts';
import { lazyGlobals, prepareWebGlobals } from '../../modules/web/lazy-globals.ts';
import { INIT_OPTIONS } from '../../options/init-options.ts';
import type { Options } from '../../options/options.ts';
import type { ScenarioConfig } from '../../options/scenario-config.ts';
import { findShare, type Share } from '../../options/segment.ts';
import { instantiate } from '../../script/instantiate.ts';
import type { Program } from '../../script/program.ts';
import { createRealm, type ScriptRealm } from '../../script/realm.ts';
import type { Box, RealmFunction } from '../../script/realm-interface.ts';
import { describeError, describePlaces, showStacks } from '../../script/runtime/stack.ts';
import type { LogLevel, VuEnvironment } from '../../vu/environment.ts';
import { createGlobals, exposeIteration } from '../../vu/globals.ts';
import { initModulesOf } from '../../vu/init-modules.ts';
import { warnOfMissingNames } from '../../vu/missing-names.ts';
import { ModuleLoader } from '../../vu/module-loader.ts';
import { Network } from '../../vu/network.ts';
import { openedFiles } from '../../vu/open-files.ts';
import { adoptSharedData, allSharedData } from '../../vu/shared-data.ts';
import { type Phase, type ScenarioState, VirtualUser } from '../../vu/virtual-user.ts';
import { flushLeftovers } from '../../wire/http2/flush-schedule.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import { RealClock } from '../clock.ts';
import type { Executor } from '../executor.ts';
import { createExecutor } from '../executors/create-executor.ts';
import { HealthMonitor } from '../generator-health.ts';
import { RunCounters, sizeOfLogLine } from '../run-counters.ts';
import type { CodePlace } from '../script-breaker.ts';
import { SecretRequests } from '../secrets/secret-requests.ts';
import { BufferCounter } from '../shared-counter.ts';
import { planVus } from '../vu-plan.ts';
import { dropLoadingPermissions } from '../worker-permissions.ts';
import type {
  FromWorker,
  ScriptExports,
  ScriptFailure,
  SharedData,
  ToWorker,
  WorkerStart,
} from '../worker-protocol.ts';
import { openKeyLog } from './key-log.ts';
import { PooledVu } from './pooled-vu.ts';
import { serialiseSetupData } from './setup-data.ts';
import { readSummaryFiles, type SummaryFiles } from './summary-files.ts';
import { VuPool } from './vu-pool.ts';

/** How often samples go to the main thread, in ms: k6's own period. */
const FLUSH_PERIOD = 50;
/** How often it hears of the scenarios' progress, in ms. */
const PROGRESS_PERIOD = 100;
/** Exceptions of ours, different ones, that are logged. */
const MOST_STRAY_FAILURES = 20;

type Configuration = Extract<ToWorker, { type: 'configure' }>;
type Step = Extract<FromWorker, { type: 'failed' }>['step'];
type Exports = Readonly<Record<string, unknown>>;

/** A step was cut short by a stop: nobody waits for its outcome any more. */
class Stopped extends Error {}
/** A step ended itself with `test.abort()`. */
class Aborted extends Error {}
/** A promise of a step or of the init code was rejected and nobody handled it. */
class UnhandledRejection extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('a promise was rejected and nobody handled it');
    this.reason = reason;
  }
}

/** Code of the script ran without end, and was broken off. */
class BrokenOff extends Error {}

/** Node tells of unhandled rejections once the microtasks are done: they are known by the next turn of the event loop. */
const rejectionsKnown = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class WorkerSession {
  readonly #start: WorkerStart;
  readonly #send: (message: FromWorker, transfer?: ArrayBuffer[]) => void;
  readonly #counters: RunCounters;
  readonly #clock = new RealClock();
  readonly #registry = new MetricRegistry();
  readonly #environment: VuEnvironment & { options: Options; network: Network };
  readonly #realm: ScriptRealm;
  #loaded: Program | null = null;
  #loading = false;
  #modules: ModuleLoader | null = null;
  #namesChecked = false;
  readonly #iterations: {
    setupData: string | undefined;
    counters: RunCounters;
    reportError(vu: VirtualUser, error: unknown): void;
  };
  readonly #pool: VuPool;
  #share: Share = findShare('', '');
  #scenarios: readonly ScenarioConfig[] = [];
  #sharedIterations = new SharedArrayBuffer(0);
  #executors: Executor[] = [];
  /** Ends the step in progress (setup, teardown, handleSummary), when a stop comes. */
  #cutStep: ((reason: Error) => void) | null = null;
  #stopped = false;
  /** What handleSummary measures is nobody's: the results are closed. */
  #muted = false;
  readonly #secrets: SecretRequests;
  readonly #strayFailures = new Set<string>();

  constructor(start: WorkerStart, send: (message: FromWorker, transfer?: ArrayBuffer[]) => void) {
    this.#start = start;
    this.#send = send;
    this.#counters = new RunCounters(start.counters);
    const samples = new SampleWriter((batch) => {
      if (this.#muted) return;
      send({ type: 'samples', batch }, [
        batch.ids.buffer as ArrayBuffer,
        batch.values.buffer as ArrayBuffer,
        batch.times.buffer as ArrayBuffer,
      ]);
    });
    const log = (level: LogLevel, message: string, fields?: Readonly<Record<string, string>>): void => {
      if (this.#counters.admitLog(sizeOfLogLine(message)))
        send({ type: 'log', level, message, time: Date.now(), fields });
    };
    this.#secrets = new SecretRequests(send);
    this.#realm = createRealm({ onStrayRejection: (reason) => this.#reportRejection(null, reason) });
    this.#environment = {
      realm: this.#realm,
      options: INIT_OPTIONS,
      registry: this.#registry,
      metrics: registerBuiltIns(this.#registry),
      samples,
      network: new Network(INIT_OPTIONS),
      logger: { log },
      test: {
        abort: (message) => {
          send({ type: 'abort', message });
          // A step ends by itself, once the call that asked for it has been left.
          const cutStep = this.#cutStep;
          if (cutStep) setImmediate(cutStep, new Aborted(message ? `test aborted: ${message}` : 'test aborted'));
        },
        markFailed: (message) => send({ type: 'mark-failed', message }),
      },
      counts: this.#counters,
      secrets: this.#secrets,
      env: start.env,
      script: start.script,
      now: () => this.#clock.now(),
    };
    this.#iterations = {
      setupData: undefined,
      counters: this.#counters,
      reportError: (vu, error) => this.#reportIterationError(vu, error),
    };
    this.#pool = new VuPool((index) => this.#createPooled(index));
  }

  get #program(): Program {
    return this.#loaded!;
  }

  /** Runs the init code once, to learn what the script exports. */
  async #load(program: Program, sharedData: SharedData): Promise<void> {
    adoptSharedData(sharedData);
    this.#loaded = program;
    this.#loading = true;
    showStacks(this.#realm, program);
    try {
      const modules = await loadHostModules(program.hostImports);
      this.#modules = new ModuleLoader(
        this.#environment,
        modules,
        program.shared,
        program.requiresAtRunTime ? await import('../../script/load/run-time-module.ts') : null,
      );
      prepareWebGlobals(program);
      dropLoadingPermissions(program.requiresAtRunTime === true);
      const { vu, exports } = await this.#createVu(0, 0);
      const logRejection = vu.loop.onUnhandledRejection;
      const rejected = new Promise<never>((_, reject) => {
        vu.loop.onUnhandledRejection = (reason) => reject(new UnhandledRejection(reason));
      });
      await Promise.race([rejected, rejectionsKnown()]);
      vu.loop.onUnhandledRejection = logRejection;
      this.#send({ type: 'loaded', exports: this.#describeExports(exports), sharedData: allSharedData() });
    } catch (error) {
      this.#fail('load', error);
    } finally {
      this.#loading = false;
    }
  }

  /**
   * The code that runs now is about to be ended by the engine (script-breaker.ts).
   * @param places where it is
   */
  breakOff(places: readonly CodePlace[]): void {
    setImmediate(() => {
      this.#realm.recover();
      flushLeftovers();
      const reason = new BrokenOff(
        [
          'the script did not give back control and was broken off: code that runs without end and makes no blocking call holds up all virtual users of its thread',
          describePlaces(places, this.#program),
        ]
          .filter((text) => text !== '')
          .join('\n'),
      );
      if (this.#loading) this.#fail('load', reason);
      else if (this.#cutStep) this.#cutStep(reason);
      else {
        this.#environment.logger.log('error', reason.message, { source: 'stacktrace' });
        this.#pool.interruptUnsure();
      }
      this.flush();
    });
  }

  async handle(message: ToWorker): Promise<void> {
    switch (message.type) {
      case 'load':
        return this.#load(message.program, message.sharedData);
      case 'configure':
        return this.#configure(message);
      case 'setup':
        return this.#runSetup();
      case 'start':
        return this.#runScenarios(message.setupData);
      case 'teardown':
        return this.#runTeardown(message.setupData);
      case 'summary':
        return this.#runSummary(message.data);
      case 'flush':
        this.flush();
        this.#send({ type: 'flushed' });
        return;
      case 'stop':
      case 'secret':
      case 'ping':
      case 'exit':
        return;
    }
  }

  /** Interrupts everything in progress. */
  stop(): void {
    this.#stopped = true;
    this.#cutStep?.(new Stopped());
    for (const executor of this.#executors) executor.stop();
  }

  /** Takes what became of a secret that the script waits for. */
  takeSecret(message: Extract<ToWorker, { type: 'secret' }>): void {
    this.#secrets.settle(message);
  }

  /** Sends what has been measured so far. */
  flush(): void {
    this.#environment.samples.flush();
  }

  #openKeyLog(): ((line: Buffer) => void) | null {
    const { keyLogFile } = this.#start;
    if (keyLogFile === null) return null;
    const { logger } = this.#environment;
    return openKeyLog(keyLogFile, (error) =>
      logger.log('error', `SSLKEYLOGFILE: could not write to "${keyLogFile}": ${error.message}`),
    );
  }

  /** An exception of ours that belongs to no request: the first of each text is logged, with its stack. */
  reportStrayFailure(failure: WireError): void {
    if (this.#strayFailures.has(failure.kind) || this.#strayFailures.size >= MOST_STRAY_FAILURES) return;
    this.#strayFailures.add(failure.kind);
    const stack = failure.cause instanceof Error ? `\n${failure.cause.stack}` : '';
    this.#environment.logger.log(
      'error',
      `${failure.message} (code 1001; the test goes on, please report this)${stack}`,
    );
  }

  #fail(step: Step, error: unknown): void {
    this.flush();
    this.#send({ type: 'failed', step, failure: this.#describeFailure(error) });
  }

  #describeFailure(error: unknown): ScriptFailure {
    if (error instanceof BrokenOff) return { text: error.message };
    if (!(error instanceof UnhandledRejection)) return { text: describeError(error, this.#program).text };
    return { text: `Uncaught (in promise) ${describeError(error.reason, this.#program).text}` };
  }

  #reportIterationError(vu: VirtualUser, error: unknown): void {
    this.#environment.logger.log('error', describeError(error, this.#program).text, {
      ...(vu.scenario && { executor: vu.scenario.executor, scenario: vu.scenario.name }),
      source: 'stacktrace',
    });
  }

  /** k6 logs what nobody handles; the iteration counts all the same. */
  #reportRejection(scenario: ScenarioState | null, reason: unknown): void {
    this.#environment.logger.log('error', `Uncaught (in promise) ${describeError(reason, this.#program).text}`, {
      ...(scenario && { executor: scenario.executor, scenario: scenario.name }),
    });
  }

  #describeExports(exports: Exports): ScriptExports {
    const functions: string[] = [];
    const others: Record<string, string> = {};
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === 'function') functions.push(name);
      else if (name !== 'options') others[name] = value === null ? 'null' : typeof value;
    }
    const options = this.#realm.stringify(exports['options']);
    return {
      options: options === undefined ? undefined : JSON.parse(options),
      optionsType: exports['options'] === null ? 'null' : typeof exports['options'],
      functions,
      others,
      metrics: this.#registry.all().map(({ name, type, contains }) => ({ name, type, contains })),
      opened: openedFiles(this.#environment),
    };
  }

  async #createVu(idInInstance: number, idInTest: number): Promise<{ vu: VirtualUser; exports: Exports }> {
    const vu = new VirtualUser(this.#environment, { idInInstance, idInTest });
    vu.loop.onUnhandledRejection = (reason) => this.#reportRejection(vu.scenario, reason);
    const { exports, global } = await instantiate(this.#realm, this.#program, vu, {
      ...createGlobals(this.#environment, vu, lazyGlobals),
      import: (specifier) => this.#modules!.import(specifier, vu),
      onReady: (evaluate) => {
        initModulesOf(vu).evaluate = evaluate;
        if (this.#start.index === 0 && !this.#namesChecked) {
          this.#namesChecked = true;
          initModulesOf(vu).warns = true;
          warnOfMissingNames(this.#program, this.#modules!, vu, this.#environment);
        }
      },
    });
    // As in k6, what the init code has begun (timers, promises that wait for them) comes to its end before anything else.
    await vu.loop.idle();
    exposeIteration(vu, global);
    // A CommonJS script's exports are its module.exports.
    return { vu, exports: this.#program.isCommonJs ? (exports['default'] as Exports) : exports };
  }

  async #createPooled(index: number): Promise<PooledVu> {
    if (this.#stopped) throw new Stopped();
    const { vu, exports } = await this.#createVu(this.#share.inInstance(index) + 1, this.#share.inTest(index) + 1);
    vu.phase = 'iteration';
    this.#counters.initialiseVu();
    return new PooledVu(vu, exports, this.#iterations);
  }

  async #configure({ options, scenarios, sharedIterations }: Configuration): Promise<void> {
    this.#environment.options = options;
    this.#environment.network = new Network(options, this.#openKeyLog());
    this.#scenarios = scenarios;
    this.#sharedIterations = sharedIterations;
    const { segment, sequence } = options.executionSegment;
    this.#share = findShare(segment, sequence).forWorker(this.#start.index, this.#start.count);
    setInterval(() => this.flush(), FLUSH_PERIOD).unref();
    try {
      // Init code that ends the test waits for what never comes: it must not hold up what follows.
      const initialised = this.#pool.initialise(planVus(scenarios, this.#share).planned);
      await this.#cuttable(() => initialised);
      this.#send({ type: 'ready' });
    } catch (error) {
      if (!(error instanceof Stopped || error instanceof Aborted)) this.#fail('init', error);
    }
  }

  /**
   * Has a step end when a stop comes or the script ends the test.
   * @param interrupt cuts off what the step is doing
   * @throws Stopped, Aborted
   */
  async #cuttable<T>(work: () => Promise<T>, interrupt: () => void = () => {}): Promise<T> {
    const cut = new Promise<never>((_, reject) => {
      this.#cutStep = (reason) => {
        interrupt();
        reject(reason);
      };
    });
    try {
      return await Promise.race([work(), cut]);
    } finally {
      this.#cutStep = null;
    }
  }

  /**
   * Runs a step on a virtual user of its own, as k6 does.
   * @returns what the script's function returned, boxed: it may have a method `then`, and is no promise for all that
   */
  async #runStep(phase: Phase, name: string, args: unknown[]): Promise<Box> {
    const { vu, exports } = await this.#createVu(0, 0);
    const { samples, metrics, options } = this.#environment;
    vu.phase = phase;
    for (const [key, value] of Object.entries(options.tags)) vu.tags = vu.tags.with(key, value);
    vu.group = phase === 'summary' ? '' : `::${phase}`;
    if (options.systemTags.includes('group')) vu.tags = vu.tags.with('group', vu.group);
    const before = { ...vu.meter };
    // In an iteration it is only logged; of a step it is the failure, as in k6.
    vu.loop.onUnhandledRejection = (reason) => this.#cutStep?.(new UnhandledRejection(reason));
    try {
      const work = async (): Promise<Box> => {
        const result = await vu.loop.run(exports[name] as RealmFunction, undefined, args);
        await vu.loop.idle();
        await rejectionsKnown();
        return result;
      };
      return await this.#cuttable(work, () => vu.interrupt());
    } finally {
      if (phase !== 'summary') {
        const now = this.#environment.now();
        samples.add(metrics.data_sent, vu.tags, vu.meter.sent - before.sent, now);
        samples.add(metrics.data_received, vu.tags, vu.meter.received - before.received, now);
      }
      vu.dispose();
    }
  }

  async #runSetup(): Promise<void> {
    try {
      const { value } = await this.#runStep('setup', 'setup', []);
      this.#send({ type: 'setup-done', setupData: serialiseSetupData(this.#realm, value) });
    } catch (error) {
      if (!(error instanceof Stopped || error instanceof Aborted)) this.#fail('setup', error);
    }
  }

  async #runScenarios(setupData: string | undefined): Promise<void> {
    this.#iterations.setupData = setupData;
    const start = this.#clock.now();
    this.#executors = this.#scenarios.map((config, index) => this.#createExecutor(config, index, start));
    if (this.#stopped) for (const executor of this.#executors) executor.stop();
    const report = (): void =>
      this.#send({
        type: 'progress',
        scenarios: this.#executors.map((executor) => ({
          name: executor.config.name,
          progress: executor.progress(this.#clock.now()),
        })),
      });
    const reporting = setInterval(report, PROGRESS_PERIOD);
    const monitor = new HealthMonitor();
    monitor.start();
    await Promise.all(this.#executors.map((executor) => executor.run(start)));
    const health = monitor.read();
    monitor.stop();
    clearInterval(reporting);
    report();
    this.#pool.dispose();
    this.flush();
    this.#send({ type: 'finished', health });
  }

  #createExecutor(config: ScenarioConfig, index: number, start: number): Executor {
    const { options, samples, metrics, logger } = this.#environment;
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
      tags,
      startTime: start + config.startTimeMs,
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
      iterations: new BufferCounter(this.#sharedIterations, index),
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
          logger.log('error', describeError(error, this.#program).text, { scenario: config.name });
          return null;
        }
      },
      dropIterations: (count) => samples.add(metrics.dropped_iterations, dropTags, count, this.#clock.now()),
      warn: (message) => logger.log('warning', message, { executor: config.executor, scenario: config.name }),
    });
    return executor;
  }

  async #runTeardown(setupData: string | undefined): Promise<void> {
    this.#stopped = false;
    try {
      const data = setupData === undefined ? undefined : this.#realm.parseJson(setupData);
      await this.#runStep('teardown', 'teardown', [data]);
      this.flush();
      this.#send({ type: 'teardown-done' });
    } catch (error) {
      // Why it was aborted is known to whoever asked for the step.
      if (error instanceof Aborted) {
        this.flush();
        this.#send({ type: 'teardown-done' });
      } else if (!(error instanceof Stopped)) this.#fail('teardown', error);
    }
  }

  /** What cannot be used is logged; k6 prints nothing then, unless it was no object at all. */
  #readSummaryFiles(returned: unknown): SummaryFiles | null {
    try {
      return readSummaryFiles(returned);
    } catch (error) {
      const text = error instanceof Error ? error.message : describeError(error, this.#program).text;
      this.#environment.logger.log('error', text);
      return typeof returned === 'object' ? {} : null;
    }
  }

  async #runSummary(data: unknown): Promise<void> {
    this.flush();
    this.#muted = true;
    try {
      const { value } = await this.#runStep('summary', 'handleSummary', [this.#realm.fromHost(data)]);
      this.#send({ type: 'summary-done', files: this.#readSummaryFiles(value) });
    } catch (error) {
      if (!(error instanceof Stopped)) this.#fail('summary', error);
    }
  }
}
