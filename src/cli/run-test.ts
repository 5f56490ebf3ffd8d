// A test from the command line: everything around the run itself, in its order.

import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type RunEnding, TestRun } from '../execution/control-plane/test-run.ts';
import { sizeOfLogLine } from '../execution/run-counters.ts';
import { Redactor } from '../execution/secrets/redactor.ts';
import { SecretStore } from '../execution/secrets/secret-store.ts';
import type { ScriptExports } from '../execution/worker-protocol.ts';
import { EXIT, type ExitCode, ExitError, invalidConfig } from '../exit/exit-error.ts';
import { registerBuiltIns } from '../metrics/built-in.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import { MetricsEngine } from '../metrics/metrics-engine.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import { ThresholdError } from '../metrics/thresholds/threshold-error.ts';
import { checkScenarioFunctions, consolidateOptions } from '../options/consolidate-options.ts';
import type { OptionSettings } from '../options/option-settings.ts';
import type { Options } from '../options/options.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import { createOutputs } from '../outputs/create-outputs.ts';
import type { Output } from '../outputs/output.ts';
import { type Concern, type IterationOutcomes, judgeIterations, judgeThresholds } from '../report/concern.ts';
import type { ArchiveMetadata } from '../script/archive/archive.ts';
import { checkAbsentFeatures } from './absent-features.ts';
import { readConfigFile } from './config-file.ts';
import { type ActiveFeatures, featuresWithoutEffect, featureTags, readFeatures } from './feature-flags.ts';
import { listIneffectiveSettings } from './ineffective-settings.ts';
import { compileScriptFile, locateScript } from './load-script-file.ts';
import { LogWriter } from './log-writer.ts';
import { type OpenScript, openScript } from './open-script.ts';
import { reportSummary } from './report-summary.ts';
import { RunDisplay } from './run-display.ts';
import type { GlobalFlags, RunFlags, RuntimeFlags } from './runtime-flags.ts';
import { scriptEnvironment } from './script-environment.ts';
import { Terminal } from './terminal.ts';
import { measureVus } from './vu-gauges.ts';

/** k6's own rhythm for looking at thresholds, in ms. */
const THRESHOLD_PERIOD = 2000;

/**
 * Signals within so many ms are one: Ctrl-C reaches every process of a terminal, and a launcher or `timeout` hands on what
 * it got to a process that has it already.
 */
const SAME_SIGNAL_MS = 200;

export interface RunRequest {
  /** A path, or `-` for standard input. */
  readonly script: string;
  /** Options set by flags. */
  readonly settings: OptionSettings;
  readonly global: GlobalFlags;
  readonly runtime: RuntimeFlags;
  readonly run: RunFlags;
  /** The environment of the process. */
  readonly env: NodeJS.ProcessEnv;
  /** Load workers. */
  readonly workers: number;
}

/**
 * Runs a test and reports it.
 * @returns the exit code (k6-surface §1.8)
 * @throws ExitError for what is wrong before any load
 */
export async function runTest(request: RunRequest): Promise<ExitCode> {
  const terminal = new Terminal();
  const redactor = new Redactor();
  const log = new LogWriter(
    {
      format:
        request.global.logFormat === 'json' || request.global.logFormat === 'raw' ? request.global.logFormat : 'text',
      output: request.global.logOutput,
      verbose: request.global.verbose,
      colour: request.global.color && process.stderr.isTTY === true,
      consoleOutput: request.settings.consoleOutput || request.env['K6_CONSOLE_OUTPUT'] || null,
    },
    terminal,
    redactor,
  );
  try {
    const secrets = new SecretStore(request.global.secretSources, request.env, redactor);
    return await new TestCommand(request, terminal, log, secrets).execute();
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    log.log('error', error.message);
    return error.exitCode;
  } finally {
    await log.close();
  }
}

/** What a run needs once the options are known. */
interface Prepared {
  /** As the workers need them: where they are shown, {@link Redactor.redactData} goes first. */
  readonly options: Options;
  readonly scenarios: readonly ScenarioConfig[];
  readonly engine: MetricsEngine;
  readonly outputs: readonly Output[];
  /** What was set and has no effect. */
  readonly ineffective: readonly string[];
}

class TestCommand {
  readonly #request: RunRequest;
  readonly #terminal: Terminal;
  readonly #log: LogWriter;
  readonly #secrets: SecretStore;
  /** Samples before the engine is there: init code may not add any, so these are none in practice. */
  #prepared: Prepared | null = null;

  constructor(request: RunRequest, terminal: Terminal, log: LogWriter, secrets: SecretStore) {
    this.#request = request;
    this.#terminal = terminal;
    this.#log = log;
    this.#secrets = secrets;
  }

  async execute(): Promise<ExitCode> {
    const { runtime, env, workers } = this.#request;
    const keyLogFile = this.#findKeyLog();
    const script = openScript(this.#request.script, runtime.type);
    const scriptEnv = { ...script.archive?.env, ...scriptEnvironment(runtime, env) };
    const run = new TestRun(
      { env: scriptEnv, script: script.place, workers, keyLogFile, secrets: this.#secrets },
      {
        onSamples: (batch, worker) => this.#takeSamples(batch, worker),
        onLog: (level, message, fields) => {
          this.#log.log(level, script.showPaths(message), fields);
          releaseWhenRead(run.counters, sizeOfLogLine(message));
        },
      },
    );
    const stopListening = listenForSignals(run);
    try {
      const exports = await run.load(await compileScriptFile(script.name, modeOf(script, runtime)));
      this.#prepared = this.#prepare(exports, script.archive);
      return await this.#perform(run, this.#prepared);
    } finally {
      stopListening();
      const lost = run.counters.lostLogLines;
      if (lost > 0) this.#log.log('warning', `${lost} lines of the log were left out: its reader was too slow`);
      await run.dispose();
      script.close();
    }
  }

  /** @returns the file for the keys of TLS connections, absolute, or null @throws ExitError where it cannot be written */
  #findKeyLog(): string | null {
    const name = this.#request.env['SSLKEYLOGFILE'] ?? '';
    if (name === '') return null;
    try {
      closeSync(openSync(name, 'a', 0o600));
    } catch (error) {
      throw new ExitError(EXIT.other, `SSLKEYLOGFILE: cannot write to "${name}": ${(error as Error).message}`);
    }
    this.#log.log(
      'warning',
      `SSLKEYLOGFILE is set: the keys of all TLS connections go to "${name}", and whoever reads it can decrypt them`,
    );
    return path.resolve(name);
  }

  #takeSamples(batch: SampleBatch, source: number): void {
    const prepared = this.#prepared;
    if (!prepared) return;
    prepared.engine.ingest(batch, source);
    for (const output of prepared.outputs) output.addBatch(batch, prepared.engine.series.of(source));
  }

  /** @param archive what was packed with the script, whose options stand in place of its own */
  #prepare(exports: ScriptExports, archive: ArchiveMetadata | null): Prepared {
    const { settings, global, runtime, run, env } = this.#request;
    this.#checkExports(exports);
    // `null` is no options, as in k6.
    if (!['object', 'undefined', 'null'].includes(exports.optionsType)) {
      throw invalidConfig(`the script's options must be an object, not ${exports.optionsType}`);
    }
    const configFile = readConfigFile(global.config ?? undefined, env);
    const features = this.#switchFeatures(run.features, configFile);
    const {
      options,
      scenarios,
      warnings,
      ineffective: unread,
    } = consolidateOptions({
      cli: settings,
      env,
      mergesTags: features.names.includes('merge-run-tags'),
      runTags: featureTags(features),
      configFile,
      script: archive?.options ?? exports.options ?? undefined,
      noThresholds: runtime.noThresholds,
    });
    const absent = checkAbsentFeatures(options, { ...global, ...run, ...runtime });
    const idle = featuresWithoutEffect(features).map(
      (name) => `the feature flag ${name} changes nothing here but the tags of samples`,
    );
    const ineffective = [...unread, ...absent, ...idle, ...listIneffectiveSettings(env)].map((text) =>
      this.#secrets.redactor.redact(text),
    );
    for (const warning of [...warnings, ...ineffective]) this.#log.log('warning', warning);
    if (options.consoleOutput !== null) this.#log.sendConsoleTo(options.consoleOutput);
    checkScenarioFunctions(scenarios, exports.functions, exports.others);
    const registry = new MetricRegistry();
    registerBuiltIns(registry);
    registry.defineAll(exports.metrics);
    let engine: MetricsEngine;
    try {
      engine = new MetricsEngine({
        registry,
        // By what samples have: their tags hold no secrets.
        thresholds: Object.fromEntries(
          Object.entries(options.thresholds).map(([key, expressions]) => [
            this.#secrets.redactor.redactThresholdKey(key),
            expressions,
          ]),
        ),
        systemTags: options.systemTags,
        sections: runtime.summaryMode === 'full',
        onWarning: (message) => this.#log.log('warning', message),
      });
    } catch (error) {
      if (error instanceof ThresholdError) throw invalidConfig(error.message);
      throw error;
    }
    const writeStdout = this.#terminal.stdout;
    const outputs = createOutputs(run.out, { env, systemTags: options.systemTags, engine, writeStdout });
    return { options, scenarios, engine, outputs, ineffective };
  }

  /** Says which feature flags are on, and which there are not. */
  #switchFeatures(given: readonly string[] | null, configFile: unknown): ActiveFeatures {
    const listed = (configFile as { features?: unknown } | undefined)?.features;
    const features = readFeatures([given, Array.isArray(listed) ? listed.map(String) : null]);
    for (const name of features.unknown) {
      this.#log.log('error', `there is no feature flag "${name}": "sixfold features" lists those that there are`);
    }
    if (features.names.length > 0) this.#log.log('info', `feature flags that are on: ${features.names.join(', ')}`);
    return features;
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
      this.#log.log(
        'error',
        `exported 'handleSummary' must be a function, not ${summaryKind}: the usual summary comes instead`,
      );
    }
  }

  async #perform(run: TestRun, prepared: Prepared): Promise<ExitCode> {
    const { options, scenarios, engine, outputs } = prepared;
    const { newMachineReadableSummary } = this.#request.runtime;
    // Read now: at the end of a test the file may be gone.
    const { file } = locateScript(this.#request.script);
    const scriptText = newMachineReadableSummary && file !== null ? readFileSync(file, 'utf8') : null;
    const display = new RunDisplay(this.#terminal, this.#request.global.quiet);
    const descriptions = outputs.map((output) => output.description);
    const { redactor } = this.#secrets;
    display.announce({
      script: this.#request.script,
      outputs: descriptions,
      scenarios: redactor.redactData(scenarios),
      options,
    });
    for (const output of outputs) await output.start();
    const stopGauges = measureVus(run.counters, redactor.redactData(options.tags), (batch) =>
      this.#takeSamples(batch, run.workerCount),
    );
    const stopThresholds = this.#watchThresholds(run, engine);
    display.follow(run);
    let ending: RunEnding;
    try {
      ending = await run.run(options, scenarios);
    } finally {
      stopGauges();
      stopThresholds();
      display.finish();
      this.#log.settleRepeats();
    }
    const losses: string[] = [];
    for (const output of outputs) {
      // The run is over: what an output lost is said, and the summary comes all the same.
      await output.stop().catch((error: unknown) => {
        this.#log.log('error', (error as Error).message);
        losses.push(`the output ${output.description} is not complete: ${(error as Error).message}`);
      });
    }
    const { crossed } = engine.evaluate(ending.durationMs, true);
    const iterations: IterationOutcomes = {
      completed: run.counters.iterationsCompleted,
      interrupted: run.counters.iterationsInterrupted,
      failed: run.counters.iterationsFailed,
      firstFailure: run.firstFailure,
    };
    const concerns: Concern[] = [
      ...judgeIterations(iterations, ending.stop !== null || ending.error !== null),
      ...judgeThresholds(engine.observed()),
      ...losses.map((text): Concern => ({ kind: 'lost-samples', text, isGrave: true })),
      ...prepared.ineffective.map((text): Concern => ({ kind: 'setting-without-effect', text, isGrave: true })),
    ];
    await reportSummary({
      request: this.#request,
      terminal: this.#terminal,
      log: this.#log,
      run,
      engine,
      options,
      ending,
      iterations,
      concerns,
      scriptText: scriptText === null ? null : redactor.redact(scriptText),
    });
    return this.#conclude(ending, crossed, concerns);
  }

  #watchThresholds(run: TestRun, engine: MetricsEngine): () => void {
    if (!engine.hasThresholds) return () => {};
    const timer = setInterval(() => {
      if (run.state !== 'running') return;
      const { crossed, abort } = engine.evaluate(run.elapsedMs, false);
      if (!abort) return;
      run.stop({
        exitCode: EXIT.thresholdsFailed,
        message: `thresholds on metrics '${crossed.join(', ')}' were crossed; at least one has abortOnFail enabled, stopping test prematurely`,
      });
    }, THRESHOLD_PERIOD);
    return () => clearInterval(timer);
  }

  /** Says what went wrong and which code that makes: what cut the run short goes before what failed in it. */
  #conclude(
    { stop, error, markedFailed }: RunEnding,
    crossed: readonly string[],
    concerns: readonly Concern[],
  ): ExitCode {
    if (stop) {
      this.#log.log('error', stop.message);
      return stop.exitCode;
    }
    if (error) {
      this.#log.log('error', error.message);
      return error.exitCode;
    }
    if (markedFailed) {
      this.#log.log('error', 'test run was marked as failed');
      return EXIT.markedFailed;
    }
    if (crossed.length > 0) {
      this.#log.log('error', `thresholds on metrics '${crossed.join(', ')}' have been crossed`);
      return EXIT.thresholdsFailed;
    }
    const grave = concerns.filter(({ isGrave }) => isGrave);
    if (this.#request.run.strict && grave.length > 0) {
      const [first] = grave[0].text.split('\n');
      this.#log.log('error', `--strict: the test did not do its work: ${first}`);
      return EXIT.workNotDone;
    }
    return EXIT.ok;
  }
}

/** How to compile a script: an archive knows its mode, unless a flag says otherwise. */
function modeOf({ archive }: OpenScript, runtime: RuntimeFlags): RuntimeFlags {
  return archive?.compatibilityMode === 'base' ? { ...runtime, compatibilityMode: 'base' } : runtime;
}

/** Octets that may wait in standard output and error before the load has to. */
const MOST_UNREAD = 8 * 1024 * 1024;
const LOOK_MS = 20;

let unread = 0;

/** Gives the room of a log line back to the workers once its reader keeps up. */
function releaseWhenRead(counters: TestRun['counters'], octets: number): void {
  if (process.stderr.writableLength + process.stdout.writableLength < MOST_UNREAD && unread === 0) {
    counters.releaseLog(octets);
    return;
  }
  unread += octets;
  if (unread > octets) return;
  const timer = setInterval(() => {
    if (process.stderr.writableLength + process.stdout.writableLength >= MOST_UNREAD) return;
    clearInterval(timer);
    counters.releaseLog(unread);
    unread = 0;
  }, LOOK_MS).unref();
}

/** The first signal ends the test in order, the second at once. @returns takes the listeners away */
function listenForSignals(run: TestRun): () => void {
  let firstAt: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    firstAt ??= now;
    if (now > firstAt) {
      if (now - firstAt > SAME_SIGNAL_MS) process.exit(EXIT.interrupted);
      return;
    }
    const name = signal === 'SIGINT' ? 'interrupt' : signal === 'SIGTERM' ? 'terminated' : signal;
    run.stop({
      exitCode: EXIT.interrupted,
      message: `test run was aborted because sixfold received the signal '${name}'`,
    });
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
