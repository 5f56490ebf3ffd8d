// The script in a load worker: its realm, the environment that its virtual users share, and how they are made.
import { registerBuiltIns, registerFailedIterations } from '../../metrics/built-in.ts';
import { MetricRegistry } from '../../metrics/metric-registry.ts';
import { SampleWriter } from '../../metrics/sample-writer.ts';
import { loadHostModules } from '../../modules/registry.ts';
import { lazyGlobalsOf, prepareWebGlobals } from '../../modules/web/lazy-globals.ts';
import { INIT_OPTIONS, type Options } from '../../options/options.ts';
import { DEFAULT_TRACING } from '../../options/tracing-options.ts';
import { instantiate, takeProgramCode } from '../../script/instantiate.ts';
import type { CodeCaches, Program } from '../../script/program.ts';
import { createRealm, type ScriptRealm } from '../../script/realm.ts';
import { describeError, describePlaces, locateFunction, showStacks } from '../../script/runtime/stack.ts';
import type { LogLevel, VuEnvironment } from '../../vu/environment.ts';
import { createGlobals } from '../../vu/globals.ts';
import { initModulesOf } from '../../vu/init-modules.ts';
import type { LazyGlobals } from '../../vu/lazy-globals.ts';
import { warnOfMissingNames } from '../../vu/missing-names.ts';
import { ModuleLoader } from '../../vu/module-loader.ts';
import { Network } from '../../vu/network.ts';
import { openedFiles } from '../../vu/open-files.ts';
import type { Programs } from '../../vu/programs.ts';
import { sizeOfSharedData } from '../../vu/shared-data.ts';
import { SpanWriter } from '../../vu/tracing/span-writer.ts';
import { Tracer } from '../../vu/tracing/tracer.ts';
import { type ScenarioState, VirtualUser } from '../../vu/virtual-user.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import { RealClock } from '../clock.ts';
import { type RunCounters, sizeOfLogLine } from '../run-counters.ts';
import type { CodePlace } from '../script-breaker.ts';
import { SecretRequests } from '../secrets/secret-requests.ts';
import { dropLoadingPermissions } from '../worker-permissions.ts';
import type { LoadEvent, ScriptExports, ScriptFailure, WorkerStart } from '../worker-protocol.ts';
import { collectGarbage } from './collect-garbage.ts';
import { openKeyLog } from './key-log.ts';
import { BrokenOff, rejectionsKnown, UnhandledRejection } from './step-failures.ts';

/** Exceptions of ours, different ones, that are logged. */
const MOST_STRAY_FAILURES = 20;

/** Shared data from this size on, in octets, was made of so many objects that the thread is rid of them before the load begins. */
const LITTLE_DATA = 8 * 1024 * 1024;

/** What an instance of the script exports. */
export type Exports = Readonly<Record<string, unknown>>;

/** Says something to the control plane. */
export type SendEvent = (event: LoadEvent, transfer?: ArrayBuffer[]) => void;

export class ScriptHost {
  readonly realm: ScriptRealm;
  readonly environment: VuEnvironment & { options: Options; network: Network; tracer: Tracer | null };
  readonly secrets: SecretRequests;
  readonly #start: WorkerStart;
  readonly #registry = new MetricRegistry();
  #program: Program | null = null;
  #lazyGlobals: LazyGlobals = { names: [], ofVu: new Set(), get: () => undefined };
  #modules: ModuleLoader | null = null;
  #namesChecked = false;
  /** What handleSummary measures is nobody's: the results are closed. */
  #muted = false;
  readonly #strayFailures = new Set<string>();

  /**
   * @param onAbort hears of `test.abort()`, with its words
   * @param realm one that nothing has run in
   */
  constructor(
    start: WorkerStart,
    counters: RunCounters,
    programs: Programs,
    send: SendEvent,
    onAbort: (message: string) => void,
    realm: ScriptRealm = createRealm(),
  ) {
    this.#start = start;
    const samples = new SampleWriter((batch) => {
      if (this.#muted) return;
      send({ type: 'samples', batch }, [
        batch.ids.buffer as ArrayBuffer,
        batch.values.buffer as ArrayBuffer,
        batch.times.buffer as ArrayBuffer,
        ...(batch.spans === undefined
          ? []
          : [batch.spans.words.buffer as ArrayBuffer, batch.spans.times.buffer as ArrayBuffer]),
      ]);
    });
    const log = (level: LogLevel, message: string, fields?: Readonly<Record<string, string>>): void => {
      if (counters.admitLog(sizeOfLogLine(message))) send({ type: 'log', level, message, time: Date.now(), fields });
    };
    const clock = new RealClock();
    this.secrets = new SecretRequests(send);
    this.realm = realm;
    realm.onStrayRejection = (reason) => this.#reportRejection(null, reason);
    this.environment = {
      realm: this.realm,
      options: INIT_OPTIONS,
      registry: this.#registry,
      metrics: registerBuiltIns(this.#registry),
      failedIterations: null,
      samples,
      tracer: null,
      network: new Network(INIT_OPTIONS, start.targets),
      logger: { log },
      test: { abort: onAbort, markFailed: (message) => send({ type: 'mark-failed', message }) },
      counts: counters,
      secrets: this.secrets,
      programs,
      env: start.env,
      script: start.script,
      now: () => clock.now(),
      timeOrigin: performance.timeOrigin,
    };
  }

  /**
   * Runs the init code once, to learn what the script exports.
   * @throws what the init code threw
   */
  async load(program: Program): Promise<ScriptExports> {
    const adopted = sizeOfSharedData();
    this.#program = program;
    showStacks(this.realm, program);
    const modules = await loadHostModules(program.hostImports, this.environment.script.folder);
    for (const place of program.extensions ?? []) {
      const { loadExtensionModule } = await import('../../modules/extension/extension-module.ts');
      modules.push(await loadExtensionModule(place, this.environment));
    }
    this.#modules = new ModuleLoader(
      this.environment,
      modules,
      program,
      program.requiresAtRunTime ? await import('../../script/load/run-time-module.ts') : null,
    );
    this.#lazyGlobals = lazyGlobalsOf(program);
    prepareWebGlobals(program);
    dropLoadingPermissions(program.requiresAtRunTime === true);
    const { vu, exports } = await this.createVu(0, 0);
    const logRejection = vu.loop.onUnhandledRejection;
    const rejected = new Promise<never>((_, reject) => {
      vu.loop.onUnhandledRejection = (reason) => reject(new UnhandledRejection(reason));
    });
    await Promise.race([rejected, rejectionsKnown()]);
    vu.loop.onUnhandledRejection = logRejection;
    if (sizeOfSharedData() - adopted > LITTLE_DATA) await collectGarbage();
    const codeCaches = this.#takeCode(program);
    const described = { ...this.#describeExports(exports), ...(codeCaches !== null && { codeCaches }) };
    this.environment.failedIterations = registerFailedIterations(this.#registry);
    return described;
  }

  /** The user's own function at a place in compiled code. @param line 1-based, as the column is */
  locateFunction(...place: [functionName: string, file: string, line: number, column: number]) {
    return this.#program === null ? null : locateFunction(...place, this.#program);
  }

  /**
   * What the engine has made of the program, for the next run: once for all workers. Null where it has taken what it made in an earlier
   * one; it refuses that if its flags differ.
   */
  #takeCode({ asksForCode, codeCaches }: Program): CodeCaches | null {
    if (this.#start.index > 0) return null;
    const program = takeProgramCode(this.realm);
    const shared = this.#modules?.takeSharedCode() ?? null;
    if (asksForCode !== true && program === null && shared === null) return null;
    return { program: program ?? codeCaches?.program ?? null, shared: shared ?? codeCaches?.shared ?? null };
  }

  /** Puts the consolidated options in force for all that is made from now on. */
  configure(options: Options): void {
    this.environment.options = options;
    this.environment.network = new Network(options, this.#start.targets, this.#openKeyLog());
    const { tracing, recordsSpans } = options;
    if (tracing === null && !recordsSpans) return;
    const spans = recordsSpans ? new SpanWriter() : null;
    this.environment.tracer = new Tracer(tracing ?? DEFAULT_TRACING, spans);
    if (spans !== null) this.environment.samples.takeSpans = () => spans.take();
  }

  /** Makes a virtual user and runs its init code. */
  async createVu(idInInstance: number, idInTest: number): Promise<{ vu: VirtualUser; exports: Exports }> {
    const program = this.#program!;
    const vu = new VirtualUser(this.environment, { idInInstance, idInTest });
    vu.loop.onUnhandledRejection = (reason) => this.#reportRejection(vu.scenario, reason);
    const { exports, global } = await instantiate(this.realm, program, vu, {
      ...createGlobals(this.environment, vu, this.#lazyGlobals),
      import: (specifier) => this.#modules!.import(specifier, vu),
      onReady: () => {
        if (this.#start.index === 0 && !this.#namesChecked) {
          this.#namesChecked = true;
          initModulesOf(vu).warns = true;
          warnOfMissingNames(program, this.#modules!, vu, this.environment);
        }
      },
    });
    // As in k6, what the init code has begun (timers, promises that wait for them) comes to its end before anything else.
    await vu.loop.idle();
    vu.global = global;
    // A CommonJS script's exports are its module.exports.
    return { vu, exports: program.isCommonJs ? (exports['default'] as Exports) : exports };
  }

  /** Sends what has been measured so far. */
  flush(): void {
    this.environment.samples.flush();
  }

  /** Nothing that is measured from now on counts. */
  mute(): void {
    this.#muted = true;
  }

  /** What is said of something thrown, in positions of the user's files. */
  describe(error: unknown): string {
    return describeError(error, this.#program!).text;
  }

  describeFailure(error: unknown): ScriptFailure {
    if (error instanceof BrokenOff) return { text: error.message };
    if (!(error instanceof UnhandledRejection)) return { text: this.describe(error) };
    return { text: `Uncaught (in promise) ${this.describe(error.reason)}` };
  }

  /** @param places where code that ran without end was broken off */
  describeBreak(places: readonly CodePlace[]): BrokenOff {
    const texts = [
      'the script did not give back control and was broken off: code that runs without end and makes no blocking call holds up all virtual users of its thread',
      describePlaces(places, this.#program!),
    ];
    return new BrokenOff(texts.filter((text) => text !== '').join('\n'));
  }

  reportIterationError(vu: VirtualUser, error: unknown): void {
    this.environment.logger.log('error', this.describe(error), {
      ...(vu.scenario && { executor: vu.scenario.executor, scenario: vu.scenario.name }),
      source: 'stacktrace',
    });
  }

  /** An exception of ours that belongs to no request: the first of each text is logged, with its stack. */
  reportStrayFailure(failure: WireError): void {
    if (this.#strayFailures.has(failure.kind) || this.#strayFailures.size >= MOST_STRAY_FAILURES) return;
    this.#strayFailures.add(failure.kind);
    const stack = failure.cause instanceof Error ? `\n${failure.cause.stack}` : '';
    this.environment.logger.log(
      'error',
      `${failure.message} (code 1001; the test goes on, please report this)${stack}`,
    );
  }

  /** k6 logs what nobody handles; the iteration counts all the same. */
  #reportRejection(scenario: ScenarioState | null, reason: unknown): void {
    this.environment.logger.log('error', `Uncaught (in promise) ${this.describe(reason)}`, {
      ...(scenario && { executor: scenario.executor, scenario: scenario.name }),
    });
  }

  #openKeyLog(): ((line: Buffer) => void) | null {
    const { keyLogFile } = this.#start;
    if (keyLogFile === null) return null;
    const { logger } = this.environment;
    return openKeyLog(keyLogFile, (error) =>
      logger.log('error', `SSLKEYLOGFILE: could not write to "${keyLogFile}": ${error.message}`),
    );
  }

  #describeExports(exports: Exports): ScriptExports {
    const functions: string[] = [];
    const others: Record<string, string> = {};
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === 'function') functions.push(name);
      else if (name !== 'options') others[name] = value === null ? 'null' : typeof value;
    }
    const options = this.realm.stringify(exports['options']);
    return {
      options: options === undefined ? undefined : JSON.parse(options),
      optionsType: exports['options'] === null ? 'null' : typeof exports['options'],
      functions,
      others,
      metrics: this.#registry.all().map(({ name, type, contains }) => ({ name, type, contains })),
      opened: openedFiles(this.environment),
    };
  }
}
