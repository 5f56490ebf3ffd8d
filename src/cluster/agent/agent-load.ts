// The load of one run on one machine: the script as the archive has it, in a process of its own that is started for it and ends with it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GroupProgress } from '../../execution/control-plane/host-group.ts';
import { NO_COUNTS, type ToldCounts } from '../../execution/summed-counts.ts';
import type { Command, Reply } from '../../execution/worker-protocol.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { compileScriptFile, remoteModulesOf } from '../../run/load-script-file.ts';
import { type OpenScript, openArchivedScript } from '../../run/open-script.ts';
import type { TargetSettings } from '../../wire/net/target-rules.ts';
import type { AgentStep, CompileSettings, FromAgent } from '../messages.ts';
import { loadPermissions } from './load-permissions.ts';
import type { FromLoad, ToLoad } from './load-protocol.ts';

const PROGRAM = fileURLToPath(new URL('./load-child.ts', import.meta.url));
/** How long it may take to let go of a run that is over, in ms. */
const CLOSE_MS = 5000;

/** Hears what the load says beside its answers. */
export interface AgentLoadListener {
  onSay(items: readonly FromAgent[]): void;
  /** @param octets of an encoded report */
  onReport(octets: Uint8Array): void;
  /** The process has ended by itself: what it had measured and not handed over yet is gone. */
  onCrash(error: ExitError): void;
}

/** How an agent is to load the script of a run. */
export interface LoadOrder {
  /** `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  /** How people call the agent. */
  readonly name: string;
  readonly compile: CompileSettings;
  /** Where the script may connect to; null: there are no such rules. */
  readonly targets: TargetSettings | null;
}

/** What an agent does with the load of a run, wherever that is made. */
export interface RunningLoad {
  readonly counts: ToldCounts;
  readonly progress: GroupProgress;
  load(archive: Buffer, order: LoadOrder): Promise<Reply | null>;
  ask(step: Exclude<AgentStep, { type: 'load' }>, addMs: number): Promise<Reply | null>;
  tell(command: Command): void;
  report(addMs: number): void;
  sayHere(): void;
  drain(): void;
  begin(atMs: number): void;
  pause(isPaused: boolean): void;
  showPaths(text: string): string;
  finish(): Promise<void>;
  fileAt(index: number): string;
  close(): Promise<void>;
}

export class AgentLoad implements RunningLoad {
  readonly #listener: AgentLoadListener;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #asked = new Map<number, PromiseWithResolvers<Reply | null>>();
  readonly #hello = Promise.withResolvers<void>();
  #script: OpenScript | null = null;
  #asks = 0;
  /** What the clock of the process shows more than this one's, in ms. */
  #aheadMs = 0;
  #counts: ToldCounts = NO_COUNTS;
  #progress: GroupProgress = { scenarios: [], busyShare: 0 };
  #isClosing = false;
  #problem: ExitError | null = null;

  /** Starts the process, which gets ready while the script is on its way. */
  constructor(listener: AgentLoadListener) {
    this.#listener = listener;
    this.#folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-agent-'));
    mkdirSync(path.join(this.#folder, 'samples'));
    this.#child = fork(PROGRAM, [], {
      execPath: process.execPath,
      execArgv: loadPermissions(this.#folder),
      env: childEnvironment(),
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: FromLoad) => this.#hear(message));
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#end(error.message, resolve));
      this.#child.once('exit', (code, signal) =>
        this.#end(signal === null ? `exit code ${code}` : `signal ${signal}`, resolve),
      );
    });
    // It is said where it is asked for.
    this.#hello.promise.catch(() => {});
  }

  #end(how: string, resolve: () => void): void {
    resolve();
    if (this.#isClosing || this.#problem !== null) return;
    const text =
      `the process of its load ended unexpectedly (${how}): it ran out of memory, somebody has ended it, or it is a fault of Sixfold; ` +
      'what was measured until a second before stands';
    this.#problem = new ExitError(EXIT.internalError, text);
    this.#hello.reject(this.#problem);
    this.#counts = { ...this.#counts, vusActive: 0, vusInitialised: 0 };
    this.#listener.onCrash(this.#problem);
    for (const { resolve: answer } of this.#asked.values()) answer(null);
    this.#asked.clear();
  }

  #hear(message: FromLoad): void {
    if ('counts' in message) this.#counts = message.counts;
    switch (message.type) {
      case 'hello': {
        const sinceMs = Number(process.hrtime.bigint() - message.hrNs) / 1e6;
        this.#aheadMs = message.nowMs - (now() - sinceMs);
        this.#hello.resolve();
        return;
      }
      case 'say':
        this.#listener.onSay(message.items);
        return;
      case 'report':
        this.#listener.onReport(message.octets);
        return;
      case 'state':
        this.#progress = message.progress;
        return;
      case 'answer':
        this.#settle(message.id)?.resolve(message.reply);
        return;
      case 'fault':
        this.#settle(message.id)?.reject(new ExitError(message.exitCode, message.text));
    }
  }

  #settle(id: number): PromiseWithResolvers<Reply | null> | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  #post(message: ToLoad): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /**
   * Compiles the script and runs its init code.
   * @param archive its octets
   * @throws ExitError for an archive that is none, and where it cannot be compiled
   */
  async load(archive: Buffer, { env, name, compile, targets }: LoadOrder): Promise<Reply | null> {
    const { instrument, perVu, isBase, files = [] } = compile;
    const script = openArchivedScript(archive, 'of the run', this.#folder);
    this.#script = script;
    const { place, packed } = script;
    await this.#hello.promise;
    this.#post({
      type: 'open',
      env: { ...script.archive?.env, ...env },
      script: place,
      name,
      targets,
      files: files.map((kind, index) => ({ kind, path: this.fileAt(index) })),
    });
    const program = await compileScriptFile(script.name, {
      instrument,
      perVu,
      compatibilityMode: isBase ? 'base' : 'extended',
      // It is compiled here, by a process that may read the whole machine.
      root: place.root!,
      remote: remoteModulesOf(place.file, { offline: true, packed }),
    });
    return this.#ask({ type: 'load', program }, 0);
  }

  /**
   * @param addMs makes the coordinator's time of this machine's
   * @returns null where the load is gone, which the listener has heard
   * @throws ExitError where it cannot be done
   */
  ask(step: Exclude<AgentStep, { type: 'load' }>, addMs: number): Promise<Reply | null> {
    const there = step.type === 'start' ? { ...step, atMs: step.atMs + this.#aheadMs } : step;
    return this.#ask(there, addMs - this.#aheadMs);
  }

  #ask(step: AgentStep, addMs: number): Promise<Reply | null> {
    if (this.#problem !== null) return Promise.resolve(null);
    const id = ++this.#asks;
    const asked = Promise.withResolvers<Reply | null>();
    this.#asked.set(id, asked);
    this.#post({ type: 'ask', id, step, addMs });
    return asked.promise;
  }

  tell(command: Command): void {
    this.#post({ type: 'tell', command });
  }

  /** What was measured comes now. @param addMs makes the coordinator's time of this machine's */
  report(addMs: number): void {
    this.#post({ type: 'report', addMs: addMs - this.#aheadMs });
  }

  /** Nothing is to be handed over now, and the agent is there. */
  sayHere(): void {
    this.#post({ type: 'here' });
  }

  /** All samples are to reach the servers of the outputs; it says `drained` then. */
  drain(): void {
    this.#post({ type: 'drain' });
  }

  get counts(): ToldCounts {
    return this.#counts;
  }

  get progress(): GroupProgress {
    return this.#progress;
  }

  /** @param atMs when the run began, by this machine's clock */
  begin(atMs: number): void {
    this.#post({ type: 'begin', atMs: atMs + this.#aheadMs });
  }

  pause(isPaused: boolean): void {
    this.#post({ type: 'pause', isPaused });
  }

  /** Text with the paths of the author's machine in place of those here. */
  showPaths(text: string): string {
    return this.#script?.showPaths(text) ?? text;
  }

  /** Nothing is asked any more. Resolves when the process has ended, and all that it has said is heard. */
  async finish(): Promise<void> {
    if (this.#isClosing) return this.#exited;
    this.#isClosing = true;
    this.#post({ type: 'close' });
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_MS);
    await this.#exited;
    clearTimeout(kill);
    // The end may be seen before what was said last.
    if (this.#child.connected) await once(this.#child, 'disconnect');
  }

  /** Where samples are, compressed, once the load has ended. @param index of the file in the list of those that are asked for */
  fileAt(index: number): string {
    return path.join(this.#folder, 'samples', `${index}.gz`);
  }

  async close(): Promise<void> {
    await this.finish();
    this.#script?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The environment without the way to NATS, which is the agent's alone. */
function childEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^SIXFOLD_(?:NATS|LIFELINE|SIGN)/.test(name)),
  );
}

/** In ms since the epoch. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
