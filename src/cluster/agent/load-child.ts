// The process in which the load of one run is made on an agent: it can reach the network, and read the script and this program. What
// breaks here takes the run's share with it, and not the agent.
import { availableParallelism } from 'node:os';
import { HostGroup } from '../../execution/control-plane/host-group.ts';
import { onThreads } from '../../execution/control-plane/thread-host.ts';
import type { LoadHosts } from '../../execution/load-host.ts';
import { sizeOfLogLine } from '../../execution/run-counters.ts';
import { NO_COUNTS, type ToldCounts, tellableCounts } from '../../execution/summed-counts.ts';
import type { LoadEvent, ScriptExports, Step } from '../../execution/worker-protocol.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { encodeReport } from '../../metrics/reports/report-codec.ts';
import { ReportWriter } from '../../metrics/reports/report-writer.ts';
import { chooseWorkers } from '../../run/worker-count.ts';
import type { AgentStep, ConfigureStep, FromAgent } from '../messages.ts';
import { LoadOutputs } from './load-outputs.ts';
import type { FromLoad, ToLoad } from './load-protocol.ts';

/** How often it says where it stands, in ms. */
const STATE_MS = 250;
/** Silence of the agent after which it ends itself, in ms. */
const ALONE_MS = 15_000;
/** Series in one message. */
const REPORT_SERIES = 500;
/** Lines of the log that are sent in a second; the rest is counted. */
const LOG_LINES = 100;

class LoadChild {
  readonly #reports = new ReportWriter();
  #hosts: LoadHosts | null = null;
  #group: HostGroup | null = null;
  #name = '';
  #outputs: LoadOutputs | null = null;
  #metrics: ScriptExports['metrics'] = [];
  #root: string | null = null;
  #items: FromAgent[] = [];
  #logLines = 0;
  #leftOut = 0;
  #addMs = 0;
  #heardAt = performance.now();
  #lookedAt = performance.now();

  constructor() {
    process.on('message', (message: ToLoad) => void this.#hear(message));
    // Whoever ends the agent's group of processes means the agent, which ends this one.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
    process.on('disconnect', () => process.exit());
    setInterval(() => this.#state(), STATE_MS);
    setInterval(() => {
      this.#logLines = 0;
    }, 1000);
    const hrNs = process.hrtime.bigint();
    this.#post({ type: 'hello', nowMs: now(), hrNs });
  }

  #post(message: FromLoad): void {
    process.send?.(message);
  }

  async #hear(message: ToLoad): Promise<void> {
    this.#heardAt = performance.now();
    switch (message.type) {
      case 'open':
        this.#open(message);
        return;
      case 'ask':
        this.#addMs = message.addMs;
        await this.#perform(message.id, message.step);
        return;
      case 'tell':
        this.#group?.tell(message.command);
        return;
      case 'begin':
        this.#hosts?.counts.start(message.atMs);
        return;
      case 'pause':
        if (message.isPaused) this.#hosts?.counts.pause();
        else this.#hosts?.counts.resume();
        return;
      case 'report':
        this.#addMs = message.addMs;
        this.#report();
        return;
      case 'drain':
        this.#say({ type: 'drained', losses: (await this.#outputs?.drain()) ?? [] });
        return;
      case 'here':
        return;
      case 'close':
        await this.#group?.exit();
        await this.#outputs
          ?.close()
          .catch((error: Error) => this.#log('error', `its samples are not complete: ${error.message}`));
        this.#sendItems();
        this.#settle();
        // What was said reaches the agent before the end does.
        if (process.connected)
          process.send?.(
            { type: 'state', counts: this.#counts, progress: this.#group?.progress ?? { scenarios: [], busyShare: 0 } },
            () => process.exit(),
          );
        else process.exit();
    }
  }

  #open({ env, script, name, files, targets }: Extract<ToLoad, { type: 'open' }>): void {
    this.#outputs = new LoadOutputs({ files, agent: name, warn: (message) => this.#log('warning', message) });
    this.#name = name;
    this.#root = script.root ?? null;
    const hosts = onThreads({ env, script, targets });
    this.#hosts = hosts;
    this.#group = new HostGroup(
      hosts,
      (event, thread) => this.#take(event, thread),
      (options, scenarios) => chooseWorkers({ options, scenarios }, availableParallelism()),
    );
  }

  async #perform(id: number, step: AgentStep): Promise<void> {
    try {
      if (this.#group === null) throw new Error(`asked for ${step.type} before there was a script`);
      const reply = await this.#group.ask<Step>(step.type === 'configure' ? await this.#openOutputs(step) : step);
      if (reply?.type === 'loaded') this.#metrics = reply.exports.metrics;
      this.#settle();
      const shown =
        reply?.type === 'failed' ? { ...reply, failure: { text: this.#showPaths(reply.failure.text) } } : reply;
      this.#post({ type: 'answer', id, counts: this.#counts, reply: shown });
    } catch (error) {
      this.#settle();
      const exitCode = error instanceof ExitError ? error.exitCode : EXIT.internalError;
      this.#post({ type: 'fault', id, counts: this.#counts, exitCode, text: (error as Error).message });
    }
  }

  /** @returns the step without what outputs are made from: scripts are to know of none */
  async #openOutputs({ outputs = [], ...step }: ConfigureStep): Promise<Step> {
    await this.#outputs?.open(step.options, this.#metrics, outputs);
    return step;
  }

  /** What was said and measured before a reply goes before it. */
  #settle(): void {
    this.#sendItems();
    this.#report();
  }

  #take(event: Exclude<LoadEvent, { type: 'progress' }>, thread: number): void {
    switch (event.type) {
      case 'samples':
        this.#reports.add(event.batch, thread);
        this.#outputs?.add(event.batch, thread, this.#addMs);
        return;
      case 'report':
        return;
      case 'log': {
        this.#hosts?.counts.releaseLog(sizeOfLogLine(event.message));
        if (++this.#logLines > LOG_LINES) {
          this.#leftOut++;
          return;
        }
        const message = this.#showPaths(event.message);
        this.#say({ ...event, message, fields: { ...event.fields, agent: this.#name } });
        return;
      }
      default:
        this.#say(event);
    }
  }

  #log(level: 'warning' | 'error', message: string): void {
    this.#say({ type: 'log', level, message, time: now(), fields: { agent: this.#name } });
  }

  /** Text with the paths of the author's machine in place of those here. */
  #showPaths(text: string): string {
    return this.#root === null ? text : text.replaceAll(this.#root, '');
  }

  /** Several things that are said in one turn make one message. */
  #say(item: FromAgent): void {
    this.#items.push(item);
    if (this.#items.length === 1) setImmediate(() => this.#sendItems());
  }

  #sendItems(): void {
    if (this.#items.length === 0) return;
    this.#post({ type: 'say', items: this.#items, counts: this.#counts });
    this.#items = [];
  }

  #report(): void {
    if (this.#reports.isEmpty) return;
    this.#sendItems();
    for (const report of this.#reports.cut(now(), this.#addMs, REPORT_SERIES))
      this.#post({ type: 'report', octets: encodeReport(report) });
  }

  get #counts(): ToldCounts {
    const counts = this.#hosts === null ? NO_COUNTS : tellableCounts(this.#hosts.counts);
    return { ...counts, lostLogLines: counts.lostLogLines + this.#leftOut };
  }

  #state(): void {
    // The agent stands still: nobody takes what is measured, or could end it.
    if (performance.now() - this.#heardAt > ALONE_MS && performance.now() - this.#lookedAt < ALONE_MS) process.exit(1);
    this.#lookedAt = performance.now();
    if (this.#group === null) return;
    this.#post({ type: 'state', counts: this.#counts, progress: this.#group.progress });
  }
}

/** In ms since the epoch. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

new LoadChild();
