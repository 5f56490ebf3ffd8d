// A test from the command line: the run itself, watched by a log, outputs, a display and the summary.
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Coordinator } from '../cluster/coordinator/coordinator.ts';
import { afterBreaks } from '../execution/break-gate.ts';
import { Redactor } from '../execution/secrets/redactor.ts';
import { SecretStore } from '../execution/secrets/secret-store.ts';
import { EXIT, type ExitCode, ExitError, invalidConfig } from '../exit/exit-error.ts';
import { findVariable } from '../options/environment.ts';
import { findOptionVariable } from '../options/read-settings.ts';
import { warnOfUnknownCollectors } from '../outputs/collector-names.ts';
import { sendsToServer } from '../outputs/create-outputs.ts';
import { parseTracesOutput, type TracesSettings } from '../outputs/opentelemetry/traces-settings.ts';
import { OutcomeOutput } from '../outputs/outcome-output.ts';
import { readOutputConfig } from '../outputs/output-config.ts';
import { OutputError } from '../outputs/output-error.ts';
import { OutputObserver } from '../outputs/output-observer.ts';
import { SharedOutputsThread } from '../outputs/thread/shared-outputs-thread.ts';
import { TracesOutput } from '../outputs/traces-output.ts';
import { readConfigFile } from '../run/config-file.ts';
import { RecordedRun } from '../run/recorded-run.ts';
import { makeRunId } from '../run/run-id.ts';
import type { RunObserver } from '../run/run-observer.ts';
import type { RunRequest } from '../run/run-request.ts';
import { RunSession } from '../run/run-session.ts';
import { listAbsentFeatures } from './absent-features.ts';
import { ApiObserver } from './api-observer.ts';
import { checkWritable } from './check-writable.ts';
import { AgentFiles, readAgentFiles } from './cluster/agent-files.ts';
import { AgentOutputs } from './cluster/agent-outputs.ts';
import { endLead, leadRun, requestOfCluster } from './cluster/lead-run.ts';
import type { CodeLinks } from './code-links.ts';
import { HistoryObserver } from './history-observer.ts';
import { listIneffectiveVariables } from './ineffective-variables.ts';
import { LogObserver } from './log/log-observer.ts';
import { LogWriter } from './log/log-writer.ts';
import { ReportObserver } from './report-observer.ts';
import { RunDisplay } from './run-display.ts';
import { scriptEnvironment } from './script-environment.ts';
import { type ShownSummary, SummaryReporter } from './summary-reporter.ts';
import { isCapableTerminal, Terminal } from './terminal.ts';
import type { TestCommand } from './test-command.ts';
import { WebObserver } from './web-observer.ts';

/**
 * Signals within so many ms are one: Ctrl-C reaches every process of a terminal, and a launcher or `timeout` hands on what
 * it got to a process that has it already.
 */
const SAME_SIGNAL_MS = 200;

const STOPPED_FROM_ELSEWHERE = {
  exitCode: EXIT.stoppedOverApi,
  message: 'test run was stopped with "sixfold cluster stop"',
} as const;

/** Whoever keeps the run elsewhere, and may steer it. */
export interface TestReporter {
  /** Of the run, there. */
  readonly id: string;
  /** @param hide takes secrets out of texts @returns what hears of the run once its record has */
  follow(recorded: RecordedRun, hide: (text: string) => string): RunObserver;
  /** What is shown at the end. */
  onSummary(made: ShownSummary): void;
}

/** Somebody who follows a test beside the terminal. */
export interface TestFollower {
  readonly observers: readonly RunObserver[];
  readonly reporter?: TestReporter;
  /** The run can be steered from now on. */
  onSession(session: RunSession): void;
}

/**
 * Runs a test and reports it.
 * @returns the exit code (docs/reference/exit-codes.md)
 * @throws ExitError for what is wrong before there is a log to say it in
 */
export async function runTest(command: TestCommand, follower?: TestFollower): Promise<ExitCode> {
  const { global, settings, env } = command;
  const terminal = new Terminal();
  const redactor = new Redactor();
  const links = await openLinks(env);
  const log = new LogWriter(
    {
      format: global.logFormat,
      output: global.logOutput,
      verbose: global.verbose,
      colour: global.color && (isCapableTerminal(process.stderr) || global.forceColor === true),
      codeLink: links.err?.link ?? null,
      consoleOutput: settings.consoleOutput || findOptionVariable('consoleOutput', env)?.text || null,
    },
    terminal,
    redactor,
  );
  try {
    if (command.run.report !== null) checkWritable('--report', command.run.report);
    if (command.runtime.summaryExport !== null) checkWritable('--summary-export', command.runtime.summaryExport);
    const files = await agentFilesOf(command);
    const leader = await leadRun(command, files, log);
    try {
      const secrets = new SecretStore(global.secretSources, env, redactor);
      return await execute(command, terminal, log, links.out, secrets, leader, follower);
    } finally {
      await endLead(command, leader, files, log);
    }
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    log.log('error', error.message);
    return error.exitCode;
  } finally {
    await log.close();
    await (links.out ?? links.err)?.settle();
  }
}

/** @returns what each agent writes of its samples @throws ExitError 255 for outputs that cannot go with agents */
async function agentFilesOf({ cluster, run, global, env }: TestCommand): Promise<AgentFiles> {
  if (cluster === null) return new AgentFiles([]);
  const outputs = run.out ?? readOutputConfig(await readConfigFile(global.config, env)).out;
  return new AgentFiles(readAgentFiles(outputs.filter((one) => !OutcomeOutput.handles(one) && !sendsToServer(one))));
}

/** Links from codes to their pages, for each stream that shows them. */
async function openLinks(env: NodeJS.ProcessEnv): Promise<{ out: CodeLinks | null; err: CodeLinks | null }> {
  // Most runs write to a pipe or a log: they need not know what terminals can do.
  if (!env['FORCE_HYPERLINK'] && !process.stdout.isTTY && !process.stderr.isTTY) return { out: null, err: null };
  const { CodeLinks, showsLinks } = await import('./code-links.ts');
  const links = new CodeLinks();
  return {
    out: showsLinks(process.stdout, env) ? links : null,
    err: showsLinks(process.stderr, env) ? links : null,
  };
}

async function execute(
  command: TestCommand,
  terminal: Terminal,
  log: LogWriter,
  links: CodeLinks | null,
  secrets: SecretStore,
  leader: Coordinator | null,
  follower: TestFollower | undefined,
): Promise<ExitCode> {
  const folder = path.dirname(path.resolve(command.script));
  const reporter = follower?.reporter ?? null;
  const request = await requestOf(command, log, reporter !== null);
  const lingers = command.run.linger ?? readConfiguredLinger(request.configFile);
  const { out, collectors } = readOutputConfig(request.configFile);
  const runId = reporter?.id ?? makeRunId();
  const common = {
    runId,
    env: command.env,
    folder,
    writeStdout: terminal.stdout,
    collectors,
    thread: new SharedOutputsThread(),
    warn: (message: string) => log.log('warning', message),
  };
  warnOfUnknownCollectors(collectors, folder, common.warn);
  // Agents write files of samples themselves.
  const here = (command.run.out ?? out).filter(
    (one) => leader === null || OutcomeOutput.handles(one) || sendsToServer(one),
  );
  const outputs = here.map((one) =>
    OutcomeOutput.handles(one) ? new OutcomeOutput(one, common) : new OutputObserver(one, common),
  );
  const traces = readTraces(command.runtime.tracesOutput);
  const spans =
    traces === null ? [] : [new TracesOutput(traces, common.thread, (message) => log.log('warning', message))];
  const display = new RunDisplay(terminal, {
    quiet: command.global.quiet,
    ...(leader !== null && { execution: `${leader.agentCount} agents (run ${leader.run})` }),
    outputs: () => [...outputs, ...spans].map(({ description }) => description),
    snapshot: () => session.snapshot(),
  });
  const token = findVariable('SIXFOLD_API_TOKEN', command.env)?.text ?? null;
  const api = new ApiObserver(command.global, token, log, () => session);
  const { report, web, history } = command.run;
  const isCompared = history.failOn.length > 0 || !['none', 'default'].includes(history.baseline.kind);
  const isRecorded =
    reporter !== null || report !== null || web !== null || history.place.kind === 'file' || isCompared;
  const recorded = isRecorded ? new RecordedRun(() => session.snapshot(), runId) : null;
  const kept = recorded === null ? null : new HistoryObserver(history, recorded, log);
  const page =
    recorded === null || web === null
      ? null
      : new WebObserver(web, recorded, () => session, log, { token, history: history.place });
  const written = recorded === null || report === null ? null : new ReportObserver(report, recorded, log);
  const summary = new SummaryReporter(command, terminal, log, links, recorded, {
    handleSummary: (data) => session.handleSummary(data),
    ...(reporter !== null && { onShown: (made: ShownSummary) => reporter.onSummary(made) }),
  });
  const hide = (text: string): string => secrets.redactor.redact(text);
  const load = leader === null ? {} : requestOfCluster(command, leader);
  const session: RunSession = new RunSession({ ...request, ...load, secrets }, [
    new LogObserver(log),
    ...(follower?.observers ?? []),
    ...(recorded === null ? [] : [recorded.timeline, recorded.segments, recorded]),
    ...(kept === null ? [] : [kept]),
    ...(recorded === null || reporter === null ? [] : [reporter.follow(recorded, hide)]),
    ...outputs,
    ...spans,
    ...(leader === null
      ? []
      : [new AgentOutputs(leader, [...outputs.filter((one) => one instanceof OutputObserver), ...spans])]),
    api,
    ...(page === null ? [] : [{ onReady: () => page.open() }]),
    display,
    summary,
    ...(written === null ? [] : [written]),
    ...(page === null ? [] : [page]),
  ]);
  const stopListening = listenForSignals(session, log);
  leader?.onStop(() => session.interrupt(STOPPED_FROM_ELSEWHERE));
  follower?.onSession(session);
  try {
    const { exitCode, reason } = await session.run();
    if (reason !== null) log.log('error', reason);
    if (lingers) {
      stopListening();
      await linger(command, log);
    }
    return exitCode;
  } finally {
    display.finish();
    stopListening();
    kept?.close();
    await page?.close();
    await api.close();
  }
}

/** @returns null: nobody wants traces @throws ExitError 104 */
function readTraces(text: string): TracesSettings | null {
  try {
    return parseTracesOutput(text);
  } catch (error) {
    if (error instanceof OutputError) throw invalidConfig(error.message);
    throw error;
  }
}

/** @throws ExitError 104 for what is no truth value */
function readConfiguredLinger(configFile: RunRequest['configFile']): boolean {
  const linger = configFile?.['linger'] ?? false;
  if (typeof linger !== 'boolean')
    throw invalidConfig(`linger in the config file must be true or false, not ${JSON.stringify(linger)}`);
  return linger;
}

/** Waits for somebody who has seen enough. */
async function linger({ global }: TestCommand, log: LogWriter): Promise<void> {
  const where = global.address === null ? '' : `; the REST API is still at ${global.address}`;
  log.log('info', `--linger: the test is over, Ctrl-C ends the program${where}`);
  await new Promise<void>((resolve) => {
    // A promise alone does not keep a process.
    const life = setInterval(() => {}, 60_000);
    const end = (): void => {
      clearInterval(life);
      resolve();
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  });
}

/** @param isSteered somebody elsewhere may steer it */
async function requestOf(command: TestCommand, log: LogWriter, isSteered: boolean): Promise<RunRequest> {
  const { script, settings, global, runtime, run, env, workers } = command;
  return {
    script,
    type: runtime.type,
    settings,
    env,
    programs: env,
    variables: scriptEnvironment(runtime, command),
    configFile: await readConfigFile(global.config, env),
    features: run.features,
    noThresholds: runtime.noThresholds,
    recordsSpans: runtime.tracesOutput !== 'none' && runtime.tracesOutput !== '',
    compile: { ...runtime, ...(command.debugger && { debugger: command.debugger }) },
    sections: runtime.summaryMode === 'full',
    keepsScriptText: runtime.newMachineReadableSummary,
    keyLogFile: findKeyLog(env, log),
    strict: run.strict,
    isControlled: isSteered || global.address !== null || run.web !== null,
    ineffective: [...listAbsentFeatures({ ...global, ...run, ...runtime }), ...listIneffectiveVariables(env)],
    ...(workers !== undefined && { workers }),
  };
}

/** @returns the file for the keys of TLS connections, absolute, or null @throws ExitError where it cannot be written */
function findKeyLog(env: NodeJS.ProcessEnv, log: LogWriter): string | null {
  const name = env['SSLKEYLOGFILE'] ?? '';
  if (name === '') return null;
  try {
    closeSync(openSync(name, 'a', 0o600));
  } catch (error) {
    throw new ExitError(EXIT.other, `SSLKEYLOGFILE: cannot write to "${name}": ${(error as Error).message}`);
  }
  log.log(
    'warning',
    `SSLKEYLOGFILE is set: the keys of all TLS connections go to "${name}", and whoever reads it can decrypt them`,
  );
  return path.resolve(name);
}

/** The first signal ends the test in order, the second at once. @returns takes the listeners away */
function listenForSignals(session: RunSession, log: LogWriter): () => void {
  let firstAt: number | null = null;
  let endsAtOnce = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    firstAt ??= now;
    if (now > firstAt) {
      if (now - firstAt <= SAME_SIGNAL_MS || endsAtOnce) return;
      endsAtOnce = true;
      log.log('error', 'the program ends at once, after a second signal: what was not written yet is lost');
      afterBreaks(() => process.exit(EXIT.interrupted));
      return;
    }
    const name = signal === 'SIGINT' ? 'interrupt' : signal === 'SIGTERM' ? 'terminated' : signal;
    session.interrupt({
      exitCode: EXIT.interrupted,
      message: `test run was aborted because sixfold received the signal '${name}'`,
    });
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    // Who has asked for the end once gets the same code by asking again, also while the program is on its way out.
    if (firstAt === null) for (const signal of signals) process.off(signal, onSignal);
  };
}
