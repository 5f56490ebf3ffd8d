// `sixfold cloud run`: packs a script, uploads it, starts it, and follows it to its end as if it ran here.
import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Command } from 'commander';
import { EXIT, type ExitCode, ExitError, invalidConfig } from '../../exit/exit-error.ts';
import { type Run, type ServiceClient, ServiceError, type Test } from '../../service/client/index.ts';
import { packScriptOf } from '../pack-script-of.ts';
import { type CloudFlags, findProject, readCloudSettings } from './cloud-settings.ts';

export interface CloudRunFlags extends CloudFlags {
  readonly name?: string;
  readonly note?: string;
  readonly cores?: number;
  readonly agents?: number;
  readonly exitOnRunning?: boolean;
  readonly showLogs?: boolean;
  readonly uploadOnly?: boolean;
  readonly localExecution?: boolean;
  /** False: its log stays here. */
  readonly cloudLogs?: boolean;
}

const LOOK_MS = 1000;
/** A server that does not answer for so long is given up, in ms: it may be started anew meanwhile. */
const PATIENCE_MS = 60_000;
/** Before it is asked again where it was asked too much, in ms: at least, and in all where there is no run to follow. */
const LEAST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 150_000;
/** Where nobody watches, a line says so often how far it is, in ms. */
const LINE_MS = 10_000;

/** @returns the exit code of the run */
export async function cloudRun(command: Command, script: string, flags: CloudRunFlags): Promise<ExitCode> {
  if (!flags.uploadOnly) checkExecution(flags);
  const { client, url, project } = readCloudSettings(flags, process.env);
  const { bytes, exported, variables } = await packScriptOf(command, script, true);
  const named = readCloudOptions(exported);
  const projectId = await speak(() => findProject(client, project ?? named.project));
  const name = flags.name ?? named.name ?? path.basename(script);
  const test = await speak(() => findTest(client, projectId, name));
  const fileName = `${
    path
      .basename(script)
      .replace(/\.\w+$/, '')
      .replaceAll(/[^\w.-]/g, '_') || 'script'
  }.tar`;
  const version = await speak(() => upload(client, test, fileName, bytes));
  if (flags.uploadOnly) {
    process.stdout.write(`uploaded version ${version} of ${name}: ${url}/tests/${test.id}\n`);
    return EXIT.ok;
  }
  const common = { version, parameters: variables, ...(flags.note !== undefined && { note: flags.note }) };
  if (flags.localExecution) {
    const { id } = await speak(() => client.startReportedRun(test.id, common));
    process.stdout.write(`        run: ${url}/runs/${id}\n`);
    const { executeHere } = await import('./local-execution.ts');
    return executeHere(command, script, { client, id, sendsLogs: flags.cloudLogs !== false });
  }
  const wish = {
    ...common,
    ...(flags.cores !== undefined && { cores: flags.cores }),
    ...(flags.agents !== undefined && { agents: flags.agents }),
  };
  const run = await speak(() => client.startRun(test.id, wish, randomUUID()));
  process.stdout.write(
    `  execution: ${url}\n     script: ${script} (version ${version} of ${name})\n        run: ${url}/runs/${run.id}\n\n`,
  );
  return followRun(client, run.id, flags);
}

/** @throws ExitError 104 for flags that exclude each other */
function checkExecution({ localExecution, cores, agents, exitOnRunning, showLogs, cloudLogs }: CloudRunFlags): void {
  const others = localExecution
    ? [
        [cores !== undefined, '--cores'],
        [agents !== undefined, '--agents'],
        [exitOnRunning, '--exit-on-running'],
        [showLogs === false, '--no-show-logs'],
      ]
    : [[cloudLogs === false, '--no-cloud-logs']];
  const wrong = others.find(([isGiven]) => isGiven)?.[1];
  if (wrong === undefined) return;
  throw invalidConfig(
    localExecution
      ? `${wrong} says how the server runs a test, and with --local-execution it does not: leave one of them out`
      : `${wrong} goes with --local-execution only`,
  );
}

/** `options.cloud`, and where older scripts of k6 have it. */
function readCloudOptions(exported: unknown): { name: string | null; project: string | null } {
  const options = (exported ?? {}) as { cloud?: unknown; ext?: { loadimpact?: unknown } };
  const { name, projectID } = (options.cloud ?? options.ext?.loadimpact ?? {}) as {
    name?: unknown;
    projectID?: unknown;
  };
  return {
    name: typeof name === 'string' && name !== '' ? name : null,
    project: typeof projectID === 'string' && projectID !== '' ? projectID : null,
  };
}

async function findTest(client: ServiceClient, project: string, name: string): Promise<Test> {
  const { items } = await client.tests(project, { name });
  return items[0] ?? client.createTest(project, { name });
}

/** @returns the version's number: the latest one's where nothing has changed */
async function upload(client: ServiceClient, test: Test, fileName: string, bytes: Buffer): Promise<number> {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const latest = (await client.versions(test.id)).items[0];
  if (latest?.digest === digest) return latest.n;
  return (await client.upload(test.id, fileName, bytes)).n;
}

/** Waits where the server has been asked too much (429). @returns whether it was so */
async function waitForRoom(error: unknown): Promise<boolean> {
  if (!(error instanceof ServiceError) || error.status !== 429) return false;
  const ms = Math.min(Math.max(error.retryAfterMs ?? LOOK_MS, LEAST_PAUSE_MS), PATIENCE_MS);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return true;
}

/**
 * What the server refuses ends the program as what is refused here would; where it is asked too much, that is waited for.
 * @param work done again from its beginning after such a pause
 */
export async function speak<T>(work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  try {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (performance.now() - begun > LONGEST_PAUSE_MS || !(await waitForRoom(error))) throw error;
      }
    }
  } catch (error) {
    if (error instanceof ServiceError) {
      const code = error.kind === 'unusable' ? EXIT.scriptException : EXIT.other;
      throw new ExitError(code, error.message, { cause: error });
    }
    if (!(error instanceof TypeError)) throw error;
    const { cause } = error as Error & { cause?: Error };
    throw new ExitError(EXIT.cloudUnreachable, `the server does not answer: ${cause?.message || error.message}`);
  }
}

/** @returns the exit code of the run @throws ExitError 98 where the server is gone for too long */
export async function followRun(
  client: ServiceClient,
  id: string,
  { exitOnRunning = false, showLogs = true }: Pick<CloudRunFlags, 'exitOnRunning' | 'showLogs'>,
): Promise<ExitCode> {
  const stopListening = stopAtSignals(client, id);
  const shown = new ShownProgress();
  let after = 0;
  let heardAt = performance.now();
  const showLog = async (): Promise<boolean> => {
    const { lines, next, isOver } = await client.logs(id, after);
    after = next;
    if (showLogs) for (const { atMs, level, message } of lines) shown.log(atMs, level, message);
    return isOver;
  };
  try {
    for (;;) {
      try {
        const run = await client.run(id);
        const hasAllLogs = await showLog();
        heardAt = performance.now();
        shown.show(run);
        if (exitOnRunning && run.state === 'running') return EXIT.ok;
        if (run.endedAtMs !== null && hasAllLogs) return await finish(client, run, shown);
        if (!hasAllLogs && run.endedAtMs !== null) continue;
      } catch (error) {
        if (await waitForRoom(error)) {
          heardAt = performance.now();
          continue;
        }
        if (error instanceof ServiceError && error.status < 500) throw new ExitError(EXIT.other, error.message);
        if (error instanceof ExitError) throw error;
        if (performance.now() - heardAt > PATIENCE_MS)
          throw new ExitError(
            EXIT.cloudUnreachable,
            `the server has not answered for a minute, and the run may go on there: "sixfold cloud logs ${id}" shows it`,
          );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    shown.end();
    stopListening();
  }
}

async function finish(client: ServiceClient, run: Run, shown: ShownProgress): Promise<ExitCode> {
  const { text } = await client.summary(run.id);
  shown.end();
  if (text !== null) process.stdout.write(text);
  if (run.reason !== null) process.stderr.write(`${run.reason}\n`);
  return (run.exitCode ?? EXIT.cloudFailed) as ExitCode;
}

/** The first signal stops the run, the second only this program. @returns takes the listeners away */
function stopAtSignals(client: ServiceClient, id: string): () => void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(EXIT.interrupted);
    isStopping = true;
    process.stderr.write('the run is to stop; once more leaves it alone and ends this program\n');
    speak(() => client.order(id, { action: 'stop' })).catch((error: Error) =>
      process.stderr.write(`${error.message}\n`),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  };
}

/** How far a run is: one line that changes on a terminal, a line now and then elsewhere. */
class ShownProgress {
  readonly #isTerminal = process.stderr.isTTY === true;
  #last = '';
  #lastAt = Number.NEGATIVE_INFINITY;
  #isOpen = false;

  show(run: Run): void {
    const line = describe(run);
    const now = performance.now();
    const isNew = this.#last.split(' ')[0] !== line.split(' ')[0];
    if (this.#isTerminal) {
      process.stderr.write(`\r\x1b[2K${line}`);
      this.#isOpen = true;
    } else if (isNew || now - this.#lastAt > LINE_MS) {
      process.stderr.write(`${line}\n`);
      this.#lastAt = now;
    }
    this.#last = line;
  }

  log(atMs: number, level: string, message: string): void {
    this.end();
    process.stderr.write(`${new Date(atMs).toISOString()} ${level.toUpperCase()} ${message}\n`);
  }

  end(): void {
    if (this.#isOpen) process.stderr.write('\r\x1b[2K');
    this.#isOpen = false;
  }
}

function describe({ state, progress }: Run): string {
  if (progress === null) return state;
  const { elapsedMs, plannedMs, activeVus, initialisedVus, completed, interrupted, isPaused } = progress;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)}s`;
  const planned = plannedMs === null ? '' : `/${seconds(plannedMs)}`;
  return `${state} ${isPaused ? '(paused) ' : ''}${seconds(elapsedMs)}${planned}, ${activeVus}/${initialisedVus} VUs, ${completed} complete and ${interrupted} interrupted iterations`;
}
