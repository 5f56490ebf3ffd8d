// Who leads a run over agents: has them found, gives the run places where its load is made, and keeps the record.
//
// The stream is the state. What is decided is a pure consequence of the script, the options and what agents say, in their order; so whoever
// takes a run over leads it again from its beginning: what was decided already is not said again, and what agents answered is read.
import { createHash } from 'node:crypto';
import type { ObjectStore } from '@nats-io/obj';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { onThreads, type ThreadSettings } from '../../execution/control-plane/thread-host.ts';
import type { LoadHost, LoadHosts, LoadListener, Remainder } from '../../execution/load-host.ts';
import { sizeOfLogLine } from '../../execution/run-counters.ts';
import { SummedCounts } from '../../execution/summed-counts.ts';
import type { ScriptExports, Step } from '../../execution/worker-protocol.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { OpenScript } from '../../run/open-script.ts';
import type { RemoteModules } from '../../script/load/remote/remote-modules.ts';
import type { TargetSettings } from '../../wire/net/target-rules.ts';
import type { Envelope } from '../envelope.ts';
import {
  type AgentBeat,
  type AgentEvents,
  type Answer,
  type CompileSettings,
  type ConfigureStep,
  type LeadBeat,
  type OutputPlan,
  PROTOCOL_VERSION,
  type Question,
  type Recorded,
  type ToAgent,
} from '../messages.ts';
import { listenTo, unreadable, watchConnection } from '../nats-link.ts';
import { MOST_OCTETS, PartReader } from '../parts.ts';
import { objectsOf, runSubjects } from '../subjects.ts';
import { AgentHost, type AgentState } from './agent-host.ts';
import { LossWatch } from './loss-watch.ts';
import { packScript } from './pack-script.ts';
import type { Recruit } from './recruit.ts';
import type { RunStream } from './run-stream.ts';
import { type RunTimes, readTimes } from './run-times.ts';
import { Succession } from './succession.ts';

const LEAD_MS = 500;
/** The order to start is said at least so long ahead, in ms. */
const START_LEAD_MS = 700;
/** Ways to an agent and back that fit into it. */
const START_TRIPS = 10;
/** How long an agent may take to heed a stop beyond the time in which it counts as lost, in ms. */
const PATIENCE_MS = 10_000;
/** A secret of the reader's, which is no agent: below 0, so that it is nobody else's. */
const ofReader = (id: number): number => -1 - id;

export interface CoordinatorSettings {
  /** Whether all get the same part of the load, or each in proportion to its cores. */
  readonly shares: 'equal' | 'cores';
  /** Silence after which an agent counts as lost, in ms. */
  readonly agentTimeoutMs: number;
  /** How long NATS may be gone before the run is given up, in ms. */
  readonly goneMs: number;
  /** How many of the agents have no share of the load, and wait to take one over. */
  readonly spares: number;
  readonly compile: CompileSettings;
  /** What the user named. */
  readonly script: string;
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
  /** Takes the files of samples that `compile` asks for, piece by piece, compressed (gzip). */
  readonly onFile?: (agent: string, index: number, octets: Buffer, isLast: boolean) => void;
}

interface OpenSettings extends CoordinatorSettings {
  readonly connection: NatsConnection;
  readonly run: string;
  readonly envelope: Envelope;
  readonly stream: RunStream;
  readonly bucket: ObjectStore;
  /** In the order of their numbers, spare ones last. */
  readonly recruits: readonly Recruit[];
  readonly term: number;
  /** Removes what NATS holds of a run. */
  remove(connection: NatsConnection, run: string): Promise<void>;
}

/** What the agents of a run are to load. */
interface AgentWork {
  readonly script: OpenScript;
  /** Modules of the web that it needs. */
  readonly remote: RemoteModules;
  /** Where it may connect to; null: there are no such rules. */
  readonly targets: TargetSettings | null;
}

export class Coordinator {
  readonly run: string;
  readonly #settings: OpenSettings;
  readonly #stream: RunStream;
  readonly #envelope: Envelope;
  readonly #subjects: ReturnType<typeof runSubjects>;
  readonly #counts: SummedCounts;
  readonly #watch: LossWatch;
  /** By their number; spare ones from when they have something to do. */
  readonly #hosts: AgentHost[] = [];
  /** What was read of agents that nobody has asked for anything yet, in its order: where a run is taken over, that is how it begins. */
  readonly #early: ((host: AgentHost) => void)[][];
  /** Agents of which nothing counts any more. */
  readonly #gone = new Set<number>();
  readonly #succession: Succession;
  /** Number of the last step that an agent was told, as far as the record is read. */
  readonly #steps = new Map<number, number>();
  /** Place of the last decision that was read. */
  #place = 0;
  #reader: LoadHost | null = null;
  #isUp = true;
  #giveUp: NodeJS.Timeout | null = null;
  readonly #parts: PartReader[];
  readonly #subscriptions: Subscription[] = [];
  readonly #stopWatching: () => void;
  readonly #lead: NodeJS.Timeout;
  /** Messages of each agent, by `agent step`, that the run was told before it was taken over. */
  readonly #told = new Set<string>();
  /** How far the run was, by this machine's clock, where somebody else has led it before. */
  readonly #before: RunTimes;
  #archive: Promise<void> | null = null;
  #outputs: readonly OutputPlan[] = [];
  #digest = '';
  #onStop: (() => void) | null = null;
  readonly #places: ReadonlyMap<string, number>;
  #troubled = new Set<number>();
  /** Subjects of the stream of which something could not be read. */
  readonly #unread = new Set<string>();

  /** Leads from now on; that it does is on record. */
  static async open(settings: OpenSettings): Promise<Coordinator> {
    const coordinator = new Coordinator(settings);
    await settings.stream.follow((message) => coordinator.#hearRecord(message));
    return coordinator;
  }

  private constructor(settings: OpenSettings) {
    const { connection, recruits, stream, envelope, run, shares, agentTimeoutMs, spares } = settings;
    this.run = run;
    this.#settings = settings;
    this.#stream = stream;
    this.#envelope = envelope;
    this.#places = new Map(recruits.map(({ id }, index) => [id, index]));
    this.#parts = recruits.map(() => new PartReader((sealed) => envelope.open(sealed)));
    this.#early = recruits.map(() => []);
    this.#succession = new Succession(recruits, spares, ({ cores }) => (shares === 'cores' ? cores : 1));
    const decisions = stream.after(0, Number.POSITIVE_INFINITY).map(({ decision }) => decision);
    this.#before = readTimes(decisions, -stream.aheadMs);
    for (const decision of decisions) {
      if (decision.type === 'replace') this.#succession.note(decision.agent, decision);
      if (decision.type === 'tell' && 'step' in decision.message)
        this.#told.add(`${decision.agent} ${decision.message.step}`);
    }
    stream.onFailure((error) => {
      this.#forEachHost((host) => host.lose(error));
    });
    this.#counts = new SummedCounts({
      onBegin: (atMs) => {
        if (this.#before.begunAtMs === null) void stream.record({ type: 'begun', atMs: atMs + stream.aheadMs });
      },
      onPause: (isPaused) => void stream.record({ type: isPaused ? 'pause' : 'resume', atMs: this.#now() }),
    });
    this.#watch = new LossWatch(
      connection,
      recruits,
      agentTimeoutMs,
      (agent, reason) => void stream.record({ type: 'lost', agent, reason }),
    );
    this.#subjects = runSubjects(run);
    const { questions, beats } = this.#subjects;
    this.#listen(questions, (message) => this.#answer(message));
    this.#listen(beats, (message) => this.#hearBeat(message));
    this.#lead = setInterval(() => this.#sayLead(), LEAD_MS);
    this.#stopWatching = watchConnection(connection, (isUp) => {
      this.#watch.setConnected(isUp);
      this.#waitForNats(isUp);
      settings.log(
        isUp ? 'info' : 'warning',
        isUp ? 'NATS is back' : 'NATS is gone: the load goes on, results come later',
      );
      if (isUp) void stream.resume((message) => this.#hearRecord(message));
    });
  }

  #listen(subject: string, take: (message: Msg) => void): void {
    const { connection, log } = this.#settings;
    this.#subscriptions.push(listenTo(connection, subject, take, (text) => log('warning', text)));
  }

  /** Gives the run up where the server does not come back: agents have stopped the load by then. */
  #waitForNats(isUp: boolean): void {
    this.#isUp = isUp;
    if (this.#giveUp !== null) clearTimeout(this.#giveUp);
    this.#giveUp = isUp ? null : setTimeout(() => this.#stream.giveUp('there is no connection'), this.#settings.goneMs);
  }

  #forEachHost(work: (host: AgentHost) => void): void {
    // A list with gaps: spare agents that have nothing to do are none yet.
    this.#hosts.forEach(work);
  }

  /** The agents that have, or had, a share of the load, in the order of their numbers. */
  get agents(): readonly AgentState[] {
    const states: AgentState[] = [];
    this.#forEachHost(({ state }) => void states.push(state));
    return states;
  }

  /** Agents that share the load, without spare ones. */
  get agentCount(): number {
    return this.#succession.sharing;
  }

  /** @returns the places where the load of the run is made. @param remote modules of the web that the script needs */
  hostsFor(threads: ThreadSettings, script: OpenScript, remote: RemoteModules): LoadHosts {
    const here = onThreads(threads);
    const { targets = null } = threads;
    const work = { script, remote, targets };
    const coordinator = this;
    return {
      counts: this.#counts,
      areInstances: true,
      ...this.#before,
      patienceMs: PATIENCE_MS + this.#settings.agentTimeoutMs,
      get startLeadMs() {
        const trips = coordinator.agents.map(({ beat }) => beat?.roundTripMs ?? 0);
        return Math.max(START_LEAD_MS, START_TRIPS * Math.max(0, ...trips));
      },
      get reader() {
        return coordinator.#reader;
      },
      start: (index, listener) => {
        const reader = index === 0 ? this.#startReader(here, listener) : null;
        this.#reader ??= reader;
        return this.#startHost(index, listener, reader, work);
      },
      shareOf: (host) => this.#succession.partOf(this.#hosts.indexOf(host as AgentHost)).text,
      replace: (lost, listener, remainder) => {
        const agent = this.#hosts.indexOf(lost as AgentHost);
        const heir = this.#succession.heirOf(agent) ?? this.#appoint(agent, remainder);
        return heir && { host: this.#startHost(heir.by, listener, null, work), broken: heir.broken };
      },
    };
  }

  /** Has a spare agent take over the share of a lost one. @returns null: there is none, or nothing for it to do */
  #appoint(agent: number, { left, broken }: Remainder): ReturnType<Succession['heirOf']> {
    if (left === 0) return null;
    const heir = this.#succession.appoint(agent, broken, (spare) => this.#gone.has(spare));
    if (heir !== null) void this.#stream.record({ type: 'replace', agent, ...heir });
    return heir;
  }

  /** What runs the init code here, and makes the summary. What it logs on its way agents log as well. */
  #startReader(here: LoadHosts, listener: LoadListener): LoadHost {
    let isLoaded = false;
    const reader = here.start(0, (event) => {
      if (event.type === 'secret') listener({ ...event, id: ofReader(event.id) });
      else if (event.type === 'log') {
        here.counts.releaseLog(sizeOfLogLine(event.message));
        if (isLoaded) listener(event);
      }
    });
    return {
      get alive() {
        return reader.alive;
      },
      ask: (step, limit) => {
        isLoaded ||= step.type === 'summary';
        return reader.ask(step, limit);
      },
      tell: (command) => reader.tell(command),
      exit: () => reader.exit(),
    };
  }

  #startHost(
    index: number,
    listener: LoadListener,
    reader: LoadHost | null,
    { script, remote, targets }: AgentWork,
  ): AgentHost {
    const { compile, recruits, agentTimeoutMs } = this.#settings;
    const coordinator = this;
    const host = new AgentHost(
      recruits[index]!.name,
      {
        tell: (message) => this.#tell(index, message),
        reader,
        pack: (exports) => this.#pack(script, exports, remote),
        compile,
        targets,
        get digest() {
          return coordinator.#digest;
        },
        divide: (step) => this.#divide(index, step),
        onCounts: (counts) => this.#counts.set(index, counts),
        onFile: (file, octets, isLast) => this.#settings.onFile?.(recruits[index]!.name, file, octets, isLast),
        onLost: () => this.#counts.lose(index),
        onGone: () => void this.#stream.record({ type: 'lost', agent: index, reason: 'it did not heed a stop' }),
        aheadMs: this.#stream.aheadMs,
      },
      listener,
      PATIENCE_MS + agentTimeoutMs,
    );
    this.#hosts[index] = host;
    for (const take of this.#early[index]!.splice(0)) take(host);
    return host;
  }

  /** Has an agent's host take something, once it is there. */
  #pass(agent: number, take: (host: AgentHost) => void): void {
    const host = this.#hosts[agent];
    if (host === undefined) this.#early[agent]!.push(take);
    else take(host);
  }

  #divide(index: number, step: Extract<Step, { type: 'configure' }>): ConfigureStep {
    const { fraction, executionSegment, executionSegmentSequence } = this.#succession.partOf(index);
    const { options } = step;
    return {
      ...step,
      options: { ...options, executionSegment, executionSegmentSequence, rps: options.rps * fraction },
      ...(this.#outputs.length > 0 && { outputs: this.#outputs }),
    };
  }

  /** Servers that agents are to send their samples to; to be said before the virtual users are made. */
  sendTo(outputs: readonly OutputPlan[]): void {
    this.#outputs = outputs;
  }

  /** The load is over: agents send what they still have for servers. @returns what was lost, a sentence each */
  async drainOutputs(): Promise<string[]> {
    if (this.#outputs.length === 0) return [];
    const drained: Promise<readonly string[]>[] = [];
    this.#forEachHost((host) => void drained.push(host.drain()));
    return (await Promise.all(drained)).flat();
  }

  /** @param exports null: whoever knows them packs */
  #pack(script: OpenScript, exports: ScriptExports | null, remote: RemoteModules): Promise<void> {
    if (exports !== null) this.#archive ??= this.#upload(script, exports, remote);
    if (this.#archive === null) throw new Error('an agent was to load a script that nobody has packed');
    return this.#archive;
  }

  async #upload(script: OpenScript, exports: ScriptExports, remote: RemoteModules): Promise<void> {
    const { bucket, script: given } = this.#settings;
    const { archive } = objectsOf(this.run);
    const octets = await packScript(script, given, exports, remote);
    this.#digest = createHash('sha256').update(octets).digest('hex');
    if ((await bucket.info(archive)) === null) await bucket.putBlob({ name: archive }, this.#envelope.seal(octets));
  }

  /** Records what an agent is told, unless that was done before the run was taken over. */
  #tell(agent: number, told: ToAgent): void {
    const message = told.type === 'start' ? { ...told, atMs: told.atMs + this.#stream.aheadMs } : told;
    if ('step' in message && this.#told.has(`${agent} ${message.step}`)) return;
    if (message.type === 'exit') this.#watch.forget(agent);
    const isLarge =
      (message.type === 'start' || message.type === 'teardown') && (message.setupData?.length ?? 0) > MOST_OCTETS / 2;
    if (!isLarge) {
      void this.#stream.record({ type: 'tell', agent, message });
      return;
    }
    const object = objectsOf(this.run).setup(message.step);
    const { setupData, ...rest } = message;
    void this.#settings.bucket
      .putBlob({ name: object }, this.#envelope.seal(Buffer.from(setupData!)))
      .then(() =>
        this.#stream.record({ type: 'tell', agent, message: { ...rest, setupData: undefined, stored: { object } } }),
      );
  }

  /** Whoever can reach NATS can append to the stream: what was not sealed for the run is passed over. */
  #hearRecord(message: Pick<Msg, 'subject' | 'data' | 'headers'>): void {
    const { subject } = message;
    try {
      this.#read(message);
    } catch (error) {
      if (this.#unread.has(subject)) return;
      this.#unread.add(subject);
      this.#settings.log('warning', unreadable(subject, error));
    }
  }

  /** Takes what is in the stream. @throws Error for what was not sealed for the run */
  #read({ subject, data, headers }: Pick<Msg, 'subject' | 'data' | 'headers'>): void {
    const { commands, events, reports } = this.#subjects;
    if (subject === commands) {
      this.#readDecision(data);
      return;
    }
    const id = lastToken(subject);
    const agent = this.#places.get(id) ?? -1;
    const whole = this.#parts[agent]?.take(headers, data) ?? null;
    if (whole === null || this.#gone.has(agent)) return;
    this.#pass(agent, (host) => {
      try {
        if (subject === reports(id)) host.hearReport(whole);
        else if (subject === events(id))
          host.hearEvents(JSON.parse(Buffer.from(whole).toString('utf8')) as AgentEvents);
      } catch (error) {
        // It is the agent's own, and what it has measured may be incomplete now: that must not go unseen.
        const reason = `what it said cannot be understood: ${(error as Error).message}`;
        void this.#stream.record({ type: 'lost', agent, reason });
      }
    });
  }

  /** What an agent said before it was lost counts, and nothing after: so it is lost where the record has it. */
  #readDecision(data: Uint8Array): void {
    const recorded = this.#envelope.openJson<Recorded>(data);
    if (recorded.place !== this.#place + 1 || !this.#stream.isGenuine(recorded)) return;
    this.#place++;
    const { decision } = recorded;
    if (decision.type === 'tell' && 'step' in decision.message) this.#steps.set(decision.agent, decision.message.step);
    if (decision.type !== 'lost' || this.#gone.has(decision.agent)) return;
    const { agent, reason } = decision;
    const step = this.#steps.get(agent) ?? 0;
    this.#gone.add(agent);
    this.#watch.forget(agent);
    this.#pass(agent, (host) =>
      host.loseBehind(new ExitError(EXIT.internalError, `the agent ${host.name} was lost: ${reason}`), step),
    );
  }

  #hearBeat({ subject, data }: Msg): void {
    const agent = this.#places.get(lastToken(subject)) ?? -1;
    const beat = this.#envelope.openJson<AgentBeat>(data);
    if (beat.v !== PROTOCOL_VERSION) return;
    this.#watch.hear(agent);
    const host = this.#hosts[agent];
    if (host === undefined || host.state.isLost) return;
    host.hearBeat(beat);
    if (beat.problem === null) this.#troubled.delete(agent);
    else if (!this.#troubled.has(agent)) {
      this.#troubled.add(agent);
      this.#settings.log(
        'warning',
        `${host.name} cannot hand over what it has measured, and keeps it: ${beat.problem}`,
      );
    }
  }

  /** The time of the run. */
  #now(): number {
    return performance.timeOrigin + performance.now() + this.#stream.aheadMs;
  }

  #answer(message: Msg): void {
    const question = this.#envelope.openJson<Question>(message.data);
    message.respond(this.#envelope.sealJson(this.#answerTo(question)));
  }

  #answerTo(question: Question): Answer {
    switch (question.type) {
      case 'clock':
        return { type: 'clock', nowMs: this.#now() };
      case 'missed':
        return { type: 'missed', decisions: this.#stream.after(question.after) };
      case 'stop':
        this.#onStop?.();
        return { type: 'stopping' };
    }
  }

  /** @param listener hears that somebody wants the test to end in order */
  onStop(listener: () => void): void {
    this.#onStop = listener;
  }

  #sayLead(): void {
    const beat: LeadBeat = { v: PROTOCOL_VERSION, term: this.#settings.term, last: this.#stream.last };
    if (!this.#settings.connection.isClosed())
      this.#settings.connection.publish(this.#subjects.lead, this.#envelope.sealJson(beat));
  }

  /** The key of the run, in base64. */
  get key(): string {
    return this.#envelope.key;
  }

  /**
   * The run is over: what NATS holds of it is removed, unless somebody else leads it now, or NATS cannot be reached.
   * @returns whether nothing of it is left
   */
  async close(): Promise<boolean> {
    const { connection } = this.#settings;
    if (!this.#stream.isReplaced) await this.#stream.record({ type: 'over' });
    const leaves = this.#stream.isReplaced || !this.#isUp;
    if (this.#isUp) await connection.flush().catch(() => {});
    if (this.#giveUp !== null) clearTimeout(this.#giveUp);
    clearInterval(this.#lead);
    this.#watch.close();
    this.#stopWatching();
    await this.#stream.close();
    if (!leaves) await this.#settings.remove(connection, this.run).catch(() => {});
    await connection.close();
    return !leaves;
  }
}

/** @returns the agent that a subject ends with */
function lastToken(subject: string): string {
  return subject.slice(subject.lastIndexOf('.') + 1);
}
