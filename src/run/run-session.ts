// A run as a thing of its own: script and options in, events and a result out. It knows no terminal and no `process`; whoever wants to
// see it is an observer, whoever wants to steer it has its commands.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { RunEnding, StopReason } from '../execution/control-plane/run-ending.ts';
import type { RunState } from '../execution/control-plane/run-listener.ts';
import { TestRun } from '../execution/control-plane/test-run.ts';
import { onThreads, type ThreadSettings } from '../execution/control-plane/thread-host.ts';
import { judgeGenerator } from '../execution/generator-health.ts';
import type { SummaryFiles } from '../execution/load-plane/summary-files.ts';
import { sizeOfLogLine } from '../execution/run-counters.ts';
import { SecretStore } from '../execution/secrets/secret-store.ts';
import type { ScriptExports } from '../execution/worker-protocol.ts';
import { EXIT, ExitError, invalidConfig } from '../exit/exit-error.ts';
import { registerBuiltIns, registerFailedIterations } from '../metrics/built-in.ts';
import type { GroupNode } from '../metrics/check-tally.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import { type Evaluation, MetricsEngine, type ObservedMetric } from '../metrics/metrics-engine.ts';
import type { SampleReport } from '../metrics/reports/sample-report.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import { ThresholdError } from '../metrics/thresholds/threshold-error.ts';
import { checkScenarioFunctions, consolidateOptions } from '../options/consolidate-options.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import type { AgentRecord } from '../report/agent-record.ts';
import {
  type Concern,
  type IterationOutcomes,
  judgeComputing,
  judgeIterations,
  judgeThresholds,
} from '../report/concern.ts';
import { judgeRates } from '../report/missed-rate.ts';
import type { ArchiveMetadata } from '../script/archive/archive.ts';
import { listProgramFiles } from '../script/load/program-files.ts';
import type { RemoteModules } from '../script/load/remote/remote-modules.ts';
import type { Program } from '../script/program.ts';
import type { LogLevel } from '../vu/environment.ts';
import { checkPrograms } from './check-programs.ts';
import { concludeRun, concludeWriting } from './conclude-run.ts';
import { type ActiveFeatures, featuresWithoutEffect, featureTags, readFeatures } from './feature-flags.ts';
import { fingerprintOf, wholeFingerprintOf } from './fingerprint.ts';
import { compileScriptFile, keptPrograms, remoteModulesOf } from './load-script-file.ts';
import { type OpenScript, openScript } from './open-script.ts';
import { readScale } from './read-scale.ts';
import { ControlError, type RunControl, type RunStatus, STATUS } from './run-control.ts';
import type { RunObserver, RunPlan, RunResult, RunSnapshot } from './run-observer.ts';
import type { RunRequest } from './run-request.ts';
import { measureVus } from './vu-gauges.ts';
import { chooseWorkers } from './worker-count.ts';

/** k6's own rhythm for looking at thresholds, in ms. */
const THRESHOLD_PERIOD = 2000;
const SNAPSHOT_PERIOD = 1000;
/** Within how many ms reports of several machines are looked at together. */
const BUNCH_MS = 100;

/** How far a status is at each state. */
const STATUS_OF: Readonly<Record<RunState, number>> = {
  loading: STATUS.created,
  initialising: STATUS.initialisingVus,
  paused: STATUS.pausedBeforeRun,
  setup: STATUS.setup,
  running: STATUS.running,
  teardown: STATUS.teardown,
  ended: STATUS.ended,
};

type Fields = Readonly<Record<string, string>>;

export class RunSession implements RunControl {
  readonly #request: RunRequest;
  readonly #observers: readonly RunObserver[];
  readonly #script: OpenScript;
  readonly #remote: RemoteModules;
  readonly #secrets: SecretStore;
  readonly #run: TestRun;
  #plan: RunPlan | null = null;
  /** What was set and has no effect. */
  #ineffective: readonly string[] = [];
  #evaluation: Evaluation = { crossed: [], abort: false };
  #begun = false;
  #judging: NodeJS.Timeout | null = null;

  /**
   * Starts the threads of the run, which get ready while the script is being compiled.
   * @param observers hear of what happens, in this order
   * @throws ExitError 255 for a script that cannot be opened
   */
  constructor(request: RunRequest, observers: readonly RunObserver[] = []) {
    this.#request = request;
    this.#observers = observers;
    this.#secrets = request.secrets ?? new SecretStore();
    this.#script = openScript(request.script, request.type ?? null, request.source);
    this.#remote = remoteModulesOf(this.#script.place.file, {
      offline: request.compile?.offline === true,
      packed: this.#script.packed,
    });
    const settings: ThreadSettings = {
      env: { ...this.#script.archive?.env, ...request.variables },
      script: this.#script.place,
      keyLogFile: request.keyLogFile ?? null,
      targets: request.targets ?? null,
      isDebugged: request.compile?.debugger !== undefined,
      ...(request.programs !== undefined && request.load === undefined && { programs: request.programs }),
    };
    this.#run = new TestRun(
      request.load === undefined ? onThreads(settings) : request.load(settings, this.#script, this.#remote),
      {
        onSamples: (batch, source) => this.#takeSamples(batch, source),
        onReport: (report, source) => this.#takeReport(report, source),
        onLog: (level, message, fields) => this.#passOnLog(level, message, fields),
        onState: (state) => this.#enter(state),
      },
      {
        secrets: this.#secrets,
        ...(request.workers !== undefined && { hosts: request.workers }),
        ...(request.onLoss !== undefined && { onLoss: request.onLoss }),
      },
    );
  }

  /**
   * Runs the test, once.
   * @returns how it went; what failed in the script, a stop and crossed thresholds are in it
   * @throws ExitError for what is wrong before any load
   */
  async run(): Promise<RunResult> {
    if (this.#begun) throw new Error('a RunSession runs once');
    this.#begun = true;
    try {
      const { compile } = this.#request;
      const { archive } = this.#script;
      const programs = archive === null ? keptPrograms() : null;
      const program = await compileScriptFile(
        this.#script.name,
        {
          ...compile,
          ...(archive?.compatibilityMode === 'base' && { compatibilityMode: 'base' as const }),
          remote: this.#remote,
          ...(programs !== null && { programs }),
        },
        this.#script.source ?? undefined,
      );
      this.#tellFiles(program);
      const exports = await this.#run.load(program);
      if (exports.codeCaches !== undefined) programs?.keepCode(program, exports.codeCaches);
      this.#tellFiles(program, exports.opened);
      this.#plan = await this.#prepare(program, exports, archive);
      if (this.#plan.options.paused) {
        this.#run.hold();
        if (!this.#request.isControlled)
          this.log('warning', 'the test is paused, and nobody can let it start: open the REST API with --address');
      }
      if (this.#request.workers === undefined) await this.#run.grow(chooseWorkers(this.#plan, availableParallelism()));
      return await this.#perform(this.#plan);
    } finally {
      const lost = this.#run.counts.lostLogLines;
      if (lost > 0) this.log('warning', `${lost} lines of the log were left out: its reader was too slow`);
      await this.#run.dispose();
      this.#script.close();
    }
  }

  /** Says something in the log of the run. */
  log(level: LogLevel, message: string, fields: Fields = {}): void {
    const time = new Date();
    for (const observer of this.#observers) void observer.onLog?.(level, message, fields, time);
  }

  /** A line from where load runs: the room that it takes on its way is given back once every observer has it. */
  #passOnLog(level: LogLevel, message: string, fields: Fields = {}): void {
    const time = new Date();
    const text = this.#script.showPaths(message);
    const pending = this.#observers
      .map((observer) => observer.onLog?.(level, text, fields, time))
      .filter((taken) => taken !== undefined);
    const release = (): void => this.#run.counts.releaseLog(sizeOfLogLine(message));
    if (pending.length === 0) release();
    else void Promise.allSettled(pending).then(release);
  }

  #tellFiles(program: Program, opened: readonly string[] = []): void {
    const listeners = this.#observers.filter(({ onFiles }) => onFiles !== undefined);
    if (listeners.length === 0) return;
    const files = [...listProgramFiles(program), ...opened];
    for (const observer of listeners) observer.onFiles?.(files);
  }

  #takeSamples(batch: SampleBatch, source: number): void {
    const { engine } = this.#plan ?? {};
    // Init code may add no samples: before the engine is there, there are none.
    if (engine === undefined) return;
    engine.ingest(batch, source);
    for (const observer of this.#observers) observer.onBatch?.(batch, engine.series.of(source));
  }

  /** Reports of machines come once a second, in a bunch: a threshold that one crosses need not wait for its turn. */
  #takeReport(report: SampleReport, source: number): void {
    const { engine } = this.#plan ?? {};
    engine?.ingestReport(report, source);
    if (engine?.hasThresholds !== true || this.#judging !== null) return;
    this.#judging = setTimeout(() => {
      this.#judging = null;
      this.#judge();
    }, BUNCH_MS).unref();
  }

  #enter(state: RunState): void {
    for (const observer of this.#observers) observer.onState?.(state);
  }

  /** @param archive what was packed with the script, whose options stand in place of its own */
  async #prepare(program: Program, exports: ScriptExports, archive: ArchiveMetadata | null): Promise<RunPlan> {
    const { settings, caller, env, configFile, noThresholds, recordsSpans, sections, script } = this.#request;
    const { redactor } = this.#secrets;
    this.#checkExports(exports);
    // `null` is no options, as in k6.
    if (!['object', 'undefined', 'null'].includes(exports.optionsType)) {
      throw invalidConfig(`the script's options must be an object, not ${exports.optionsType}`);
    }
    const features = this.#switchFeatures();
    const { options, scenarios, warnings, ineffective } = consolidateOptions({
      cli: settings ?? {},
      ...(caller !== undefined && { caller }),
      env: env ?? {},
      mergesTags: features.names.includes('merge-run-tags'),
      runTags: featureTags(features),
      configFile,
      script: archive?.options ?? exports.options ?? undefined,
      ...(archive !== null && { isArchived: true }),
      noThresholds: noThresholds === true,
      recordsSpans: recordsSpans === true,
    });
    const idle = featuresWithoutEffect(features).map(
      (name) => `the feature flag ${name} changes nothing here but the tags of samples`,
    );
    this.#ineffective = [...ineffective, ...idle, ...(this.#request.ineffective ?? [])].map((text) =>
      redactor.redact(text),
    );
    for (const warning of [...warnings, ...this.#ineffective]) this.log('warning', warning);
    checkScenarioFunctions(scenarios, exports.functions, exports.others);
    this.#checkControl(scenarios);
    await checkPrograms(this.#request, program, scenarios, options);
    const registry = new MetricRegistry();
    registerBuiltIns(registry);
    registry.defineAll(exports.metrics);
    try {
      const engine = new MetricsEngine({
        registry,
        failedIterations: registerFailedIterations(registry),
        // By what samples have: their tags hold no secrets.
        thresholds: Object.fromEntries(
          Object.entries(options.thresholds).map(([key, expressions]) => [
            redactor.redactThresholdKey(key),
            expressions,
          ]),
        ),
        systemTags: options.systemTags,
        failureSamples: options.failureSamples,
        sections: sections === true,
        onWarning: (message) => this.log('warning', message),
        // Init code that depends on `__VU` can make other metrics in other threads.
        onConflict: ({ message }) => this.#run.stop({ exitCode: EXIT.scriptException, message }),
        ...(this.#observers.some(({ onSeries }) => onSeries !== undefined) && {
          receiversFor: (metric, tags) =>
            this.#observers.flatMap((observer) => observer.onSeries?.(metric, tags) ?? []),
        }),
      });
      const fingerprint = fingerprintOf(program.code, options);
      return {
        script,
        options,
        scenarios,
        shownScenarios: redactor.redactData(scenarios),
        redact: (data) => redactor.redactData(data),
        fingerprint,
        wholeFingerprint: wholeFingerprintOf(program.code, options, fingerprint),
        engine,
        features: features.names,
      };
    } catch (error) {
      if (error instanceof ThresholdError) throw invalidConfig(error.message);
      throw error;
    }
  }

  /** Says which feature flags are on, and which there are not. */
  #switchFeatures(): ActiveFeatures {
    const features = readFeatures([this.#request.features ?? null, this.#configuredFeatures()]);
    for (const name of features.unknown) {
      this.log('error', `there is no feature flag "${name}": "sixfold features" lists those that there are`);
    }
    if (features.names.length > 0) this.log('info', `feature flags that are on: ${features.names.join(', ')}`);
    return features;
  }

  /** @throws ExitError 104 for what names no features */
  #configuredFeatures(): readonly string[] | null {
    const listed = this.#request.configFile?.['features'] ?? null;
    if (listed === null || typeof listed === 'string') return listed === null ? null : [listed];
    if (!Array.isArray(listed) || !listed.every((name) => typeof name === 'string'))
      throw invalidConfig(
        `features in the config file must be a list of names, such as ["merge-run-tags"], not ${JSON.stringify(listed)}`,
      );
    return listed;
  }

  /** @throws ExitError for exports that make no test */
  #checkExports(exports: ScriptExports): void {
    if (exports.functions.length === 0) {
      throw new ExitError(
        EXIT.other,
        'no exported functions in script: export a default function, or name one in a scenario',
      );
    }
    for (const step of ['setup', 'teardown']) {
      const kind = exports.others[step];
      if (kind && kind !== 'undefined')
        throw new ExitError(EXIT.other, `exported '${step}' must be a function, not ${kind}`);
    }
    const summaryKind = exports.others['handleSummary'];
    if (summaryKind && summaryKind !== 'undefined') {
      this.log(
        'error',
        `exported 'handleSummary' must be a function, not ${summaryKind}: the usual summary comes instead`,
      );
    }
  }

  /** @throws ExitError 104 for a scenario that waits for orders where nobody can give any */
  #checkControl(scenarios: readonly ScenarioConfig[]): void {
    const controlled = scenarios.find(({ executor }) => executor === 'externally-controlled');
    if (controlled === undefined || this.#request.isControlled) return;
    throw invalidConfig(
      `the scenario ${controlled.name} uses the executor "externally-controlled", but nobody can control this run: ` +
        'open the REST API with --address localhost:6565, or use ramping-vus or an arrival rate',
    );
  }

  async #perform(plan: RunPlan): Promise<RunResult> {
    const { options, scenarios, engine } = plan;
    const scriptText = this.#request.keepsScriptText ? this.#readScript() : null;
    await this.#announce(plan);
    const stopWatching = this.#watch(plan);
    let ending: RunEnding;
    try {
      ending = await this.#run.run(options, scenarios);
    } finally {
      stopWatching();
    }
    this.#tellSnapshot();
    const { crossed } = this.#evaluate(ending.durationMs, true);
    const losses = await this.#drain();
    const counts = this.#run.counts;
    const iterations: IterationOutcomes = {
      completed: counts.iterationsCompleted,
      interrupted: counts.iterationsInterrupted,
      failed: counts.iterationsFailed,
      firstFailure: this.#run.firstFailure,
    };
    const concerns: Concern[] = [
      ...judgeIterations(iterations, ending.stop !== null || ending.error !== null),
      ...judgeRates({
        scenarios,
        metrics: engine.observed(),
        started: iterations.completed + iterations.interrupted,
        isGeneratorSaturated: judgeGenerator(ending.health, availableParallelism()).bottleneck,
      }),
      ...judgeComputing(ending.health, availableParallelism()),
      ...judgeThresholds(engine.observed()),
      ...ending.losses.map(({ text, isMadeGood }): Concern => ({ kind: 'lost-load', text, isGrave: !isMadeGood })),
      ...losses.map((text): Concern => ({ kind: 'lost-samples', text, isGrave: true })),
      ...this.#ineffective.map((text): Concern => ({ kind: 'setting-without-effect', text, isGrave: true })),
    ];
    const objections = this.#observers.map((observer) => observer.onConclude?.() ?? null);
    const objection = objections.find((reason) => reason !== null) ?? null;
    const result: RunResult = {
      ...concludeRun(ending, { crossed, concerns, objection, strict: this.#request.strict === true }),
      durationMs: ending.durationMs,
      setupData: ending.setupData === undefined ? undefined : JSON.parse(ending.setupData),
      iterations,
      crossed,
      concerns,
      health: ending.health,
      options,
      engine,
      scriptText,
    };
    return this.#finish(result);
  }

  /** Has everybody write what the run leaves behind. @returns the result once that is done */
  async #finish(result: RunResult): Promise<RunResult> {
    const unwritten: string[] = [];
    for (const observer of this.#observers) {
      const problems = await observer.onEnd?.(result);
      if (Array.isArray(problems)) unwritten.push(...problems);
    }
    const { summaryFailure } = this.#run;
    if (summaryFailure !== null) unwritten.push(`handleSummary() failed: ${summaryFailure}`);
    const { exitCode, reason } = concludeWriting(result, unwritten, this.#request.strict === true);
    if (exitCode === result.exitCode) return result;
    const revised = { ...result, exitCode, reason };
    for (const observer of this.#observers) observer.onRevise?.(revised);
    return revised;
  }

  /** @returns the script's text: at the end of a test the file may be gone; null where there is none */
  #readScript(): string | null {
    const { file } = this.#script.place;
    return file === null ? null : this.#secrets.redactor.redact(readFileSync(file, 'utf8'));
  }

  /** @throws what an observer says is wrong; those before it are told that nothing comes */
  async #announce(plan: RunPlan): Promise<void> {
    for (const [index, observer] of this.#observers.entries()) {
      try {
        await observer.onReady?.(plan);
      } catch (error) {
        for (const ready of this.#observers.slice(0, index)) await ready.onDrain?.().catch(() => {});
        throw error;
      }
    }
  }

  /** Begins what is done at intervals while the run goes on. @returns ends it */
  #watch({ options, engine }: RunPlan): () => void {
    const tags = this.#secrets.redactor.redactData(options.tags);
    const stopGauges = measureVus(this.#run.counts, tags, (batch) => this.#takeSamples(batch, 0));
    const snapshots = setInterval(() => this.#tellSnapshot(), SNAPSHOT_PERIOD);
    const thresholds = engine.hasThresholds ? setInterval(() => this.#judge(), THRESHOLD_PERIOD) : null;
    return () => {
      stopGauges();
      clearInterval(snapshots);
      if (thresholds !== null) clearInterval(thresholds);
    };
  }

  #tellSnapshot(): void {
    if (this.#observers.every(({ onSnapshot }) => onSnapshot === undefined)) return;
    const snapshot = this.snapshot();
    for (const observer of this.#observers) observer.onSnapshot?.(snapshot);
  }

  #evaluate(elapsedMs: number, final: boolean): Evaluation {
    this.#evaluation = this.#plan!.engine.evaluate(elapsedMs, final);
    for (const observer of this.#observers) observer.onVerdicts?.(this.#evaluation);
    return this.#evaluation;
  }

  #judge(): void {
    if (this.#run.state !== 'running') return;
    const { crossed, abort } = this.#evaluate(this.#run.elapsedMs, false);
    if (!abort) return;
    this.#run.stop({
      exitCode: EXIT.thresholdsFailed,
      message: `thresholds on metrics '${crossed.join(', ')}' were crossed; at least one has abortOnFail enabled, stopping test prematurely`,
    });
  }

  /** @returns what observers have lost, a sentence each */
  async #drain(): Promise<string[]> {
    const losses: string[] = [];
    for (const observer of this.#observers) {
      // The run is over: what was lost is said, and the summary comes all the same.
      await observer.onDrain?.().catch((error: unknown) => {
        const loss = `${observer.name ?? 'an observer of the run'} is not complete: ${(error as Error).message}`;
        this.log('error', loss);
        losses.push(loss);
      });
    }
    return losses;
  }

  /**
   * Runs the script's handleSummary; to be called while {@link RunObserver.onEnd} lasts.
   * @param data what it gets
   * @returns what it returned; null when there is none or it failed, which is logged: the usual summary is wanted then
   */
  handleSummary(data: unknown): Promise<SummaryFiles | null> {
    return this.#run.handleSummary(data);
  }

  /** The run at this moment. */
  snapshot(): RunSnapshot {
    const { counts } = this.#run;
    return {
      state: this.#run.state,
      isPaused: this.#run.isPaused,
      elapsedMs: this.#run.elapsedMs,
      activeVus: counts.vusActive,
      initialisedVus: counts.vusInitialised,
      completed: counts.iterationsCompleted,
      interrupted: counts.iterationsInterrupted,
      failed: counts.iterationsFailed,
      busyShare: this.#run.busyShare,
      ...(this.#request.agents !== undefined && { agents: this.#request.agents() }),
      scenarios: this.#run.progress,
    };
  }

  /** Cuts the run short for a reason of one's own: teardown and the summary still come. The first reason counts. */
  interrupt(reason: StopReason): void {
    this.#run.stop(reason);
  }

  status(): RunStatus {
    const { state, stopReason, counts, scalable } = this.#run;
    return {
      status:
        state === 'ended' && stopReason !== null
          ? STATUS.interrupted
          : state === 'ended' && this.#run.hasMarkedFailed
            ? STATUS.markedFailed
            : STATUS_OF[state],
      isPaused: this.#run.isPaused,
      vus: counts.vusActive,
      // Whoever has asked for more than there are yet hears what counts.
      vusMax: Math.max(counts.vusInitialised, scalable?.maxVus ?? 0),
      isStopped: stopReason !== null,
      isRunning: state === 'setup' || state === 'running' || state === 'teardown',
      isTainted: this.#evaluation.crossed.length > 0,
    };
  }

  agents(): readonly AgentRecord[] {
    return this.#request.agents?.() ?? [];
  }

  metrics(): readonly ObservedMetric[] {
    return this.#plan?.engine.observed() ?? [];
  }

  get elapsedMs(): number {
    return this.#run.elapsedMs;
  }

  get trendStats(): readonly string[] {
    return this.#plan?.options.summaryTrendStats ?? [];
  }

  groups(): GroupNode | null {
    return this.#plan?.engine.rootGroup ?? null;
  }

  get setupData(): string | undefined {
    const json = this.#run.setupData;
    return json === undefined ? undefined : this.#secrets.redactor.redactJson(json);
  }

  replaceSetupData(json: string): void {
    try {
      JSON.parse(json);
    } catch (error) {
      throw new ControlError('invalid', `the setup data is no JSON: ${(error as Error).message}`);
    }
    this.#run.setupData = json;
  }

  async setup(): Promise<void> {
    this.#expectScript('setup');
    await this.#run.runSetup();
  }

  async teardown(): Promise<void> {
    this.#expectScript('teardown');
    await this.#run.runTeardown();
  }

  pause(): void {
    if (!this.#run.pause()) throw new ControlError('impossible', 'only a test whose scenarios run can be paused');
  }

  resume(): void {
    if (!this.#run.isPaused) throw new ControlError('impossible', 'the test is not paused');
    this.#run.resume();
  }

  scale(asked: { readonly vus?: number; readonly maxVus?: number }): void {
    const current = this.#run.scalable;
    if (current === null || this.#run.state !== 'running') {
      throw new ControlError(
        'impossible',
        'the virtual users can only be changed while a scenario with the executor "externally-controlled" runs',
      );
    }
    this.#run.scale(readScale(current, asked));
  }

  stop(): void {
    this.#run.stop({ exitCode: EXIT.stoppedOverApi, message: 'test run was stopped through the REST API' });
  }

  #expectScript(step: string): void {
    if (this.#plan === null || ['loading', 'initialising', 'ended'].includes(this.#run.state)) {
      throw new ControlError('impossible', `${step} can run once the virtual users are ready, and until the test ends`);
    }
  }
}
