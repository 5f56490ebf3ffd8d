// An agent as a place where load runs: what is asked of it is recorded, and what it answers is read from the record.
import { HostLink } from '../../execution/control-plane/host-link.ts';
import type { LoadHost, LoadListener, StepLimit } from '../../execution/load-host.ts';
import type { ToldCounts } from '../../execution/summed-counts.ts';
import type {
  Command,
  FromHost,
  Reply,
  ReplyTo,
  ScriptExports,
  Step,
  ToHost,
} from '../../execution/worker-protocol.ts';
import { ExitError } from '../../exit/exit-error.ts';
import { decodeReport } from '../../metrics/reports/report-codec.ts';
import type { SampleReport } from '../../metrics/reports/sample-report.ts';
import { TrendSink } from '../../metrics/sinks/trend-sink.ts';
import type { TargetSettings } from '../../wire/net/target-rules.ts';
import type { AgentBeat, AgentEvents, CompileSettings, ConfigureStep, FromAgent, ToAgent } from '../messages.ts';

/** What requests of an agent took, whatever they spoke. */
const LATENCIES: ReadonlySet<string> = new Set(['http_req_duration', 'grpc_req_duration']);

/**
 * How long an agent may say nothing before its files of samples come, and between their pieces, in ms: its load may take 5 s to end, and NATS
 * as long to take a piece.
 */
const FILES_SILENCE_MS = 15_000;

type Failed = Extract<Reply, { type: 'failed' }>;
type StepOf<T extends Step['type']> = Extract<Step, { type: T }>;

/** How the coordinator serves its hosts. */
export interface HostServices {
  /** Records what an agent is told, unless that has been done already. */
  tell(message: ToAgent): void;
  /** What init code is run with here: it also makes the summary. @returns null where another agent's does */
  readonly reader: LoadHost | null;
  /** Makes the archive, once. */
  pack(exports: ScriptExports | null): Promise<void>;
  /** SHA-256 of the archive, once it is made, in hexadecimal. */
  readonly digest: string;
  readonly compile: CompileSettings;
  /** Where the script may connect to; null: there are no such rules. */
  readonly targets: TargetSettings | null;
  /** The options as this instance is to have them. */
  divide(step: StepOf<'configure'>): ConfigureStep;
  onCounts(counts: ToldCounts): void;
  /** A piece of a file of samples. */
  onFile(index: number, octets: Buffer, isLast: boolean): void;
  /** It is lost, and does nothing any more. */
  onLost(): void;
  /** It does not heed a stop: it is to count as lost. */
  onGone(): void;
  /** By how much the time of the run is ahead of this machine's clock, in ms. */
  readonly aheadMs: number;
}

/** What is known of an agent beside its results. */
export interface AgentState {
  readonly name: string;
  readonly isLost: boolean;
  readonly beat: AgentBeat | null;
  /** Null: it has not said anything yet. */
  readonly counts: ToldCounts | null;
  /** Latency of its requests, in ms; null: it has made none. */
  readonly p95Ms: number | null;
}

export class AgentHost implements LoadHost {
  readonly name: string;
  readonly #services: HostServices;
  readonly #link: HostLink;
  readonly #listener: LoadListener;
  /** What was said and cannot be taken before it was asked for: where a run is taken over, the answers come first. */
  readonly #heard: (() => boolean)[] = [];
  readonly #latency = new TrendSink();
  /** Numbers of the series that say how long requests took. */
  readonly #latencySeries = new Set<number>();
  /** What servers of outputs have not got from it. */
  readonly #drained = Promise.withResolvers<readonly string[]>();
  #asked = 0;
  #isLost = false;
  #beat: AgentBeat | null = null;
  #counts: ToldCounts | null = null;

  constructor(name: string, services: HostServices, listener: LoadListener, patienceMs: number) {
    this.name = name;
    this.#services = services;
    this.#listener = listener;
    this.#link = new HostLink(
      { post: (message) => this.#post(message), kill: () => services.onGone() },
      listener,
      patienceMs,
    );
  }

  get alive(): boolean {
    return this.#link.alive;
  }

  get state(): AgentState {
    const p95Ms = this.#latency.isEmpty ? null : this.#latency.percentile(95);
    return { name: this.name, isLost: this.#isLost, beat: this.#beat, counts: this.#counts, p95Ms };
  }

  async ask<S extends Step>(step: S, limit?: StepLimit): Promise<ReplyTo<S> | Failed | null>;
  async ask(step: Step, limit?: StepLimit): Promise<Reply | null> {
    const { reader } = this.#services;
    switch (step.type) {
      case 'load':
        return this.#load(step, limit);
      case 'summary':
        return reader === null ? { type: 'summary-done', files: null } : reader.ask(step, limit);
      case 'configure':
        if (reader !== null) await reader.ask({ ...step, scenarios: [], count: 1 });
        return this.#askAgent(this.#services.divide(step), limit);
      default:
        return this.#askAgent(step, limit);
    }
  }

  /** The init code runs here first: what is wrong with it is known before any agent has anything to do. */
  async #load(step: StepOf<'load'>, limit: StepLimit | undefined): Promise<Reply | null> {
    const { reader } = this.#services;
    const here = reader === null ? null : await reader.ask(step, limit);
    if (reader !== null && here?.type !== 'loaded') return here;
    await this.#services.pack(here?.type === 'loaded' ? here.exports : null);
    const there = await this.#askAgent(step, limit);
    return there?.type === 'loaded' && here !== null ? here : there;
  }

  #askAgent(step: Step, limit: StepLimit | undefined): Promise<Reply | null> {
    const reply = this.#link.ask(step, limit);
    this.#takeHeard();
    return reply;
  }

  tell(command: Command): void {
    const { reader } = this.#services;
    if (command.type === 'secret' && command.id < 0) {
      reader?.tell({ ...command, id: -1 - command.id });
      return;
    }
    if (command.type === 'stop') reader?.tell(command);
    this.#link.tell(command);
  }

  #post(message: ToHost): void {
    // The record has pauses for all agents at once.
    if (message.type === 'pause' || message.type === 'resume') return;
    if ('step' in message) this.#asked = message.step;
    if (message.type === 'load') {
      const { compile, digest, targets } = this.#services;
      this.#services.tell({ type: 'load', step: message.step, compile, digest, ...(targets !== null && { targets }) });
    } else this.#services.tell(message);
  }

  /** Takes what the agent says, in order. */
  hearEvents({ counts, items }: AgentEvents): void {
    for (const item of items) {
      this.#heard.push(() => {
        if ('step' in item && item.step > this.#asked) return false;
        this.#takeCounts(counts);
        this.#hearItem(item);
        return true;
      });
    }
    this.#takeHeard();
  }

  #takeCounts(counts: ToldCounts): void {
    this.#counts = counts;
    this.#services.onCounts(counts);
  }

  /** @param octets of a report @throws Error where they are none */
  hearReport(octets: Uint8Array): void {
    const report = decodeReport(octets);
    this.#heard.push(() => {
      this.#noteLatency(report);
      this.#listener({ type: 'report', report: { ...report, timeMs: report.timeMs - this.#services.aheadMs } });
      return true;
    });
    this.#takeHeard();
  }

  #noteLatency({ series, deltas }: SampleReport): void {
    for (const { id, metric } of series) {
      if (LATENCIES.has(metric.name)) this.#latencySeries.add(id);
      else this.#latencySeries.delete(id);
    }
    for (const { id, delta } of deltas) if (this.#latencySeries.has(id)) this.#latency.mergeDelta(delta);
  }

  #takeHeard(): void {
    while (this.#heard.length > 0) {
      // Nothing counts that is said after the loss.
      if (!this.#isLost && !this.#heard[0]!()) return;
      this.#heard.shift();
    }
  }

  #hearItem(item: FromAgent): void {
    if (item.type === 'file') {
      this.#link.hearWord();
      this.#services.onFile(item.index, Buffer.from(item.octets, 'base64'), item.isLast);
      return;
    }
    if (item.type === 'drained') {
      this.#drained.resolve(item.losses.map((loss) => `${this.name}: ${loss}`));
      return;
    }
    if (item.type === 'broken') this.lose(new ExitError(item.exitCode, `${this.name}: ${item.text}`));
    else if (item.type === 'failed')
      this.#link.hear({ ...item, failure: { text: `${this.name}: ${item.failure.text}` } });
    else if (item.type === 'cut-off') this.#link.hear({ ...item, message: `${this.name}: ${item.message}` });
    else this.#link.hear(item as FromHost);
  }

  hearBeat(beat: AgentBeat): void {
    this.#beat = beat;
    this.#takeCounts(beat.counts);
    if (this.alive && beat.scenarios.length > 0)
      this.#listener({ type: 'progress', scenarios: beat.scenarios, busyShare: beat.busyShare });
  }

  /** It is gone; what it said before stands. */
  lose(error: ExitError): void {
    this.#isLost = true;
    this.#services.onLost();
    this.#link.die(error);
    // What it had not sent went with it, and the run says that it is lost.
    this.#drained.resolve([]);
  }

  /** Has it send the rest of its samples to the servers of the outputs. @returns what was lost, a sentence each */
  drain(): Promise<readonly string[]> {
    if (this.alive) this.#services.tell({ type: 'drain' });
    else this.#drained.resolve([]);
    return this.#drained.promise;
  }

  /**
   * The same, once all that was heard of it before is taken, and it has been asked what it was told before: so it is lost at the same place
   * for whoever takes the run over.
   * @param step number of what it was told last
   */
  loseBehind(error: ExitError, step: number): void {
    this.#heard.push(() => {
      if (step > this.#asked) return false;
      this.lose(error);
      return true;
    });
    this.#takeHeard();
  }

  async exit(): Promise<void> {
    const { files = [] } = this.#services.compile;
    if (this.alive) await this.#link.finish(files.length > 0 ? FILES_SILENCE_MS : undefined);
    await this.#services.reader?.exit();
  }
}
