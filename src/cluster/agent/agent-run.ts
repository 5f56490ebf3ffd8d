// One run on one agent, from the claim to its end: does what it is told, says what comes of it, and goes on while nobody can be reached.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Reply } from '../../execution/worker-protocol.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { formatDuration } from '../../options/duration.ts';
import { rulesAgainst } from '../../wire/net/place-rules.ts';
import type { TargetSettings } from '../../wire/net/target-rules.ts';
import type { Envelope } from '../envelope.ts';
import {
  type AgentBeat,
  type AgentEvents,
  type AgentStep,
  type Answer,
  type Decision,
  type FromAgent,
  type LeadBeat,
  PROTOCOL_VERSION,
  type Question,
  type Recorded,
  type StoredData,
  type ToAgent,
} from '../messages.ts';
import { listenTo, natsPlaces } from '../nats-link.ts';
import { isDecisionSigned } from '../signing.ts';
import { BUCKET, objectsOf, runSubjects } from '../subjects.ts';
import { AgentLoad, type AgentLoadListener, type RunningLoad } from './agent-load.ts';
import { type ClockReading, readClockShift } from './clock-shift.ts';
import { DecisionReader } from './decision-reader.ts';
import { Outbox } from './outbox.ts';

const BEAT_MS = 500;
const REPORT_MS = 1000;
/** Of a file, in one message; in base64 it is a third more. */
const PIECE_OCTETS = 256 * 1024;
const CLOCK_MS = 60_000;
const ASK_MS = 2000;
/** Reports that may wait: while these do, what is measured is folded into the next one. */
const WAITING_REPORTS = 2;
/** How long whoever has claimed an agent may leave it without a script and without a word, in ms. */
const IDLE_MS = 30_000;

export interface AgentRunSettings {
  readonly connection: NatsConnection;
  readonly run: string;
  /** Its number among the agents of the run. */
  readonly index: number;
  /** What NATS knows it by. */
  readonly id: string;
  /** Who has signed the claim, and has to sign every decision; null: nobody. */
  readonly signer: string | null;
  /** How people call it. */
  readonly name: string;
  readonly envelope: Envelope;
  readonly env: Readonly<Record<string, string>>;
  /** Where the agent has NATS, as NatsSettings of nats-link.ts: its scripts may have to keep away from it. */
  readonly nats: string;
  /** How long NATS may be gone before the load is stopped, since nobody else could stop it any more, in ms. */
  readonly unreachableMs: number;
  /** How long nobody may lead before the run is ended, in ms. */
  readonly orphanMs: number;
  /** How wrong this machine's clock is said to be, in ms: for tests. */
  readonly skewMs: number;
  readonly log: (text: string) => void;
  /** Makes the load; missing: in a process of its own. */
  readonly startLoad?: (listener: AgentLoadListener) => RunningLoad;
}

function startProcess(listener: AgentLoadListener): RunningLoad {
  return new AgentLoad(listener);
}

export class AgentRun {
  readonly #settings: AgentRunSettings;
  readonly #subjects: ReturnType<typeof runSubjects>;
  readonly #sender: string;
  readonly #outbox: Outbox;
  readonly #decisions: DecisionReader;
  readonly #subscriptions: Subscription[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #items: FromAgent[] = [];
  readonly #load: RunningLoad;
  #loaded: Extract<ToAgent, { type: 'load' }> | null = null;
  #work: Promise<void> = Promise.resolve();
  #clock: ClockReading = { shiftMs: 0, roundTripMs: 0 };
  #term = 0;
  #ledAt = performance.now();
  #unreachableSince: number | null = null;
  /** Whether the scenarios have begun for it, and whether it was told to tear down. */
  #hasStarted = false;
  #tearsDown = false;
  /** Steps that make load and are not over. */
  #underWay = 0;
  /** Number of the last step that it was told. */
  #step = 0;
  /** The scenarios, until they are over. */
  #started: Promise<void> = Promise.resolve();
  #hasTeardown = false;
  /** How long teardown may take, in ms; null: there is none to be run. */
  #teardownMs: number | null = null;
  #isCutOff = false;
  /** Agents that are lost. */
  readonly #lost = new Set<number>();
  /** When the run began, in its own time; null: it has not. */
  #begunAtMs: number | null = null;
  /** When it was paused, in the time of the run; null: it is not. */
  #pausedAtMs: number | null = null;
  /** How long it has stood still in the pauses that are over, in ms. */
  #stoodMs = 0;
  #setupData: string | undefined;
  #isOver = false;

  constructor(settings: AgentRunSettings) {
    this.#settings = settings;
    this.#subjects = runSubjects(settings.run);
    this.#sender = settings.id;
    this.#load = (settings.startLoad ?? startProcess)({
      onSay: (items) => this.#pass(items),
      // What was said before goes before.
      onReport: (octets) => {
        this.#sendItems();
        this.#outbox.put(this.#subjects.reports(this.#sender), settings.envelope.seal(octets));
      },
      onCrash: ({ exitCode, message }) => {
        settings.log(message);
        this.#say({ type: 'broken', exitCode, text: message });
      },
    });
    this.#outbox = new Outbox(jetstream(settings.connection), this.#sender);
    const { run, signer } = settings;
    this.#decisions = new DecisionReader(
      (recorded) => this.#follow(recorded.decision),
      async (after) => {
        const answer = await this.#ask({ type: 'missed', after });
        return answer.type === 'missed' ? answer.decisions : [];
      },
      (recorded) => {
        if (signer === null || isDecisionSigned(signer, run, recorded)) return true;
        settings.log(`a decision of the run ${run} is not signed by ${signer}, and is not followed`);
        return false;
      },
    );
  }

  /** Listens; resolves when the run is over. */
  async run(): Promise<void> {
    const { connection } = this.#settings;
    this.#listen(this.#subjects.told, (recorded: Recorded) => this.#decisions.hear(recorded));
    this.#listen(this.#subjects.lead, (beat: LeadBeat) => this.#hearLead(beat));
    await connection.flush();
    this.#every(BEAT_MS, () => this.#beat());
    this.#every(REPORT_MS, () => this.#report());
    this.#every(CLOCK_MS, () => void this.#readClock());
    await this.#ended.promise;
    for (const timer of this.#timers) clearInterval(timer);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#outbox.close();
    await this.#load.close();
  }

  #every(ms: number, work: () => void): void {
    this.#timers.push(setInterval(work, ms));
  }

  #listen<T extends { readonly v: number }>(subject: string, take: (message: T) => void): void {
    const { connection, envelope, log } = this.#settings;
    const open = ({ data }: Msg): void => {
      const told = envelope.openJson<T>(data);
      if (told.v === PROTOCOL_VERSION) take(told);
    };
    this.#subscriptions.push(listenTo(connection, subject, open, log));
  }

  async #ask(question: Question): Promise<Answer> {
    const { connection, envelope } = this.#settings;
    const reply = await connection.request(this.#subjects.questions, envelope.sealJson(question), { timeout: ASK_MS });
    return envelope.openJson<Answer>(reply.data);
  }

  /** By this machine. */
  #now(): number {
    return performance.timeOrigin + performance.now() + this.#settings.skewMs;
  }

  /** @returns this machine's time, unskewed, at a time of the coordinator's */
  #here(theirMs: number): number {
    return theirMs - this.#clock.shiftMs - this.#settings.skewMs;
  }

  async #readClock(): Promise<void> {
    try {
      this.#clock = await readClockShift(
        async () => {
          const answer = await this.#ask({ type: 'clock' });
          return answer.type === 'clock' ? answer.nowMs : Number.NaN;
        },
        () => this.#now(),
      );
    } catch {
      // Nobody answers at the moment: what was read last still holds.
    }
  }

  #hearLead({ term, last }: LeadBeat): void {
    if (term < this.#term) return;
    this.#term = term;
    this.#ledAt = performance.now();
    void this.#decisions.catchUp(last);
  }

  #follow(decision: Decision): void {
    this.#ledAt = performance.now();
    switch (decision.type) {
      case 'lead':
        this.#term = Math.max(this.#term, decision.term);
        return;
      case 'begun':
        this.#begunAtMs = decision.atMs;
        if (this.#loaded !== null) this.#load.begin(this.#here(decision.atMs));
        return;
      case 'pause':
        this.#pausedAtMs ??= decision.atMs;
        this.#load.pause(true);
        this.#load.tell({ type: 'pause' });
        return;
      case 'resume':
        if (this.#pausedAtMs !== null) this.#stoodMs += decision.atMs - this.#pausedAtMs;
        this.#pausedAtMs = null;
        this.#load.pause(false);
        this.#load.tell({ type: 'resume' });
        return;
      case 'over':
        this.#end();
        return;
      case 'lost':
        this.#lost.add(decision.agent);
        // Whoever is said to be lost is of no use any more.
        if (decision.agent === this.#settings.index) this.#end();
        return;
      case 'tell':
        if (decision.agent === this.#settings.index) this.#obey(decision.message);
    }
  }

  #obey(message: ToAgent): void {
    switch (message.type) {
      case 'exit':
        void this.#finish();
        return;
      case 'scale':
      case 'secret':
        this.#load.tell(message);
        return;
      case 'stop':
        this.#load.tell(message);
        this.#say({ type: 'stopped' });
        return;
      case 'drain':
        void this.#work.then(() => this.#load.drain());
        return;
      case 'start':
        // What is asked for while the scenarios run does not wait for them.
        this.#started = this.#work.then(() => this.#perform(message));
        return;
      default:
        this.#work = this.#work.then(() => this.#perform(message));
    }
  }

  async #perform(message: Extract<ToAgent, { readonly step: number }>): Promise<void> {
    const { step } = message;
    const makesLoad = message.type !== 'teardown' && message.type !== 'flush';
    this.#step = step;
    if (makesLoad) this.#underWay++;
    try {
      const reply = await this.#do(message);
      if (reply !== null) this.#say({ ...reply, step });
    } catch (error) {
      const text = this.#load.showPaths((error as Error).message);
      const exitCode = error instanceof ExitError ? error.exitCode : EXIT.internalError;
      if (message.type === 'load' && exitCode !== EXIT.internalError)
        this.#say({ type: 'failed', failure: { text }, step });
      else this.#say({ type: 'broken', exitCode, text });
    } finally {
      if (makesLoad) this.#underWay--;
    }
  }

  async #do(message: Extract<ToAgent, { readonly step: number }>): Promise<Reply | null> {
    const load = this.#load;
    switch (message.type) {
      case 'load':
        return this.#prepare(message);
      case 'start': {
        const setupData = await this.#dataOf(message.setupData, message.stored);
        this.#hasStarted = true;
        this.#setupData = setupData;
        const { takeover = 0, stoodMs = 0 } = message;
        const atMs = this.#here(message.atMs);
        const more = { ...(takeover > 0 && { takeover }), ...(stoodMs > 0 && { stoodMs }) };
        const running = load.ask({ type: 'start', setupData, atMs, ...more }, this.#addMs);
        // It was said before there was anything that could stand still.
        if (this.#pausedAtMs !== null) load.tell({ type: 'pause' });
        return running;
      }
      case 'teardown': {
        this.#tearsDown = true;
        const setupData = await this.#dataOf(message.setupData, message.stored);
        return load.ask({ type: 'teardown', setupData }, this.#addMs);
      }
      default: {
        const { step: _, ...rest } = message;
        if (rest.type === 'configure') {
          const { noTeardown, teardownTimeoutMs } = rest.options;
          this.#teardownMs = this.#hasTeardown && !noTeardown ? teardownTimeoutMs : null;
        }
        return load.ask(rest as Exclude<AgentStep, { type: 'load' }>, this.#addMs);
      }
    }
  }

  /** What makes the coordinator's time of this machine's, unskewed. */
  get #addMs(): number {
    return this.#clock.shiftMs + this.#settings.skewMs;
  }

  async #prepare(message: Extract<ToAgent, { type: 'load' }>): Promise<Reply | null> {
    this.#loaded = message;
    const { env } = this.#settings;
    const archive = await this.#fetch(objectsOf(this.#settings.run).archive);
    if (createHash('sha256').update(archive).digest('hex') !== message.digest)
      throw new ExitError(
        EXIT.internalError,
        'the archive in the object store of NATS is not the one that the run is about',
      );
    await this.#readClock();
    const targets = message.targets === undefined ? null : await this.#withoutNats(message.targets);
    const reply = await this.#load.load(archive, { env, name: this.#settings.name, compile: message.compile, targets });
    this.#hasTeardown = reply?.type === 'loaded' && reply.exports.functions.includes('teardown');
    // A spare agent has its part in a run that goes on.
    if (this.#begunAtMs !== null) {
      const pausedMs = this.#pausedAtMs === null ? 0 : this.#now() + this.#clock.shiftMs - this.#pausedAtMs;
      this.#load.begin(this.#here(this.#begunAtMs + this.#stoodMs + pausedMs));
      if (this.#pausedAtMs !== null) this.#load.pause(true);
    }
    return reply;
  }

  /** Where there are rules, NATS is not to be reached by scripts: not where this agent has it, nor at what else it is known to be. */
  async #withoutNats({ allowed, blocked }: TargetSettings): Promise<TargetSettings> {
    const others = this.#settings.connection.info?.connect_urls ?? [];
    const own = await rulesAgainst(natsPlaces([this.#settings.nats, ...others].join(',')));
    return { allowed, blocked: [...blocked, ...own] };
  }

  async #dataOf(inline: string | undefined, stored: StoredData | undefined): Promise<string | undefined> {
    return stored === undefined ? inline : (await this.#fetch(stored.object)).toString('utf8');
  }

  /** @throws Error where the object is not there */
  async #fetch(object: string): Promise<Buffer> {
    const bucket = await new Objm(jetstream(this.#settings.connection)).open(BUCKET, { check: false });
    const sealed = await bucket.getBlob(object);
    if (sealed === null) throw new ExitError(EXIT.internalError, `${object} is not in the object store of NATS`);
    return Buffer.from(this.#settings.envelope.open(sealed));
  }

  #pass(items: readonly FromAgent[]): void {
    for (const item of items) this.#say(item);
  }

  /** Several things that are said in one turn make one message. */
  #say(item: FromAgent): void {
    this.#items.push(item);
    if (this.#items.length === 1) setImmediate(() => this.#sendItems());
  }

  #sendItems(): void {
    if (this.#items.length === 0) return;
    const events: AgentEvents = { v: PROTOCOL_VERSION, counts: this.#load.counts, items: this.#items };
    this.#items = [];
    this.#outbox.put(this.#subjects.events(this.#sender), this.#settings.envelope.sealJson(events));
  }

  #report(): void {
    this.#watch();
    // While earlier ones wait, what is measured is folded into the next one.
    if (this.#outbox.backlog <= WAITING_REPORTS) this.#load.report(this.#addMs);
    else this.#load.sayHere();
  }

  #beat(): void {
    const { scenarios, busyShare } = this.#load.progress;
    const beat: AgentBeat = {
      v: PROTOCOL_VERSION,
      counts: this.#load.counts,
      scenarios,
      busyShare,
      backlog: this.#outbox.backlog,
      problem: this.#outbox.problem,
      clockShiftMs: this.#clock.shiftMs,
      roundTripMs: this.#clock.roundTripMs,
    };
    if (this.#settings.connection.isClosed()) return;
    this.#settings.connection.publish(this.#subjects.beat(this.#sender), this.#settings.envelope.sealJson(beat));
  }

  /** Tells whether NATS is there. */
  setReachable(isReachable: boolean): void {
    this.#unreachableSince = isReachable ? null : performance.now();
    // Whoever leads may have been cut off as well: it gets as much time again.
    this.#ledAt = performance.now();
  }

  /** Ends what nobody can end any more. */
  #watch(): void {
    const now = performance.now();
    const { unreachableMs } = this.#settings;
    const orphanMs = this.#loaded === null ? IDLE_MS : this.#settings.orphanMs;
    if (this.#unreachableSince !== null && now - this.#unreachableSince > unreachableMs)
      this.#cutOff('NATS was gone', unreachableMs);
    if (this.#unreachableSince === null && now - this.#ledAt > orphanMs && !this.#isOver) void this.#orphan(orphanMs);
  }

  /** Nobody could end the load any more: it ends, and whoever leads the run later hears that it did. */
  #cutOff(why: string, forMs: number): void {
    if (this.#isCutOff || this.#underWay === 0) return;
    this.#isCutOff = true;
    const message = `${why} for ${formatDuration(forMs)}, so that nobody could stop its load: it has stopped it itself`;
    this.#settings.log(message);
    this.#say({ type: 'cut-off', message });
    this.#load.tell({ type: 'stop' });
  }

  /** Nobody leads and nobody takes over: the load ends, and what setup has made is torn down. Whoever should lead it later finds all of that in the record. */
  async #orphan(forMs: number): Promise<void> {
    this.#isOver = true;
    this.#cutOff('nobody has led the test', forMs);
    if (this.#loaded !== null) {
      await this.#started;
      if (this.#isToTearDown) {
        const step = this.#step + 1;
        const teardown = this.#perform({ type: 'teardown', setupData: this.#setupData, step });
        await Promise.race([teardown, wait(this.#teardownMs!, undefined, { ref: false })]);
      }
      // Whoever leads would wait with it for a NATS that is gone.
      this.#outbox.giveUpAfter(forMs);
      await this.#handOver();
      if (this.#outbox.backlog > 0) {
        const why = `NATS has taken nothing for ${formatDuration(forMs)} more`;
        this.#settings.log(`what it measured last is not in the record: ${why}`);
      }
    }
    this.#ended.resolve();
  }

  /** Whether it is the one that whoever leads would have tear down: the first that is there. */
  get #isToTearDown(): boolean {
    const { index } = this.#settings;
    const isFirst = Array.from({ length: index }, (_, other) => other).every((other) => this.#lost.has(other));
    return isFirst && this.#hasStarted && !this.#tearsDown && this.#teardownMs !== null;
  }

  async #finish(): Promise<void> {
    await this.#handOver();
    this.#end();
  }

  /** What was measured and not said yet goes into the record. */
  async #handOver(): Promise<void> {
    await this.#load.finish();
    const files = this.#loaded?.compile.files ?? [];
    for (const index of files.keys()) await this.#sendFile(index);
    this.#say({ type: 'ended' });
    this.#sendItems();
    await this.#outbox.drain();
  }

  /** Hands over a file of samples, a piece at a time: no more of it is in memory than NATS has not taken yet. */
  async #sendFile(index: number): Promise<void> {
    try {
      for await (const piece of createReadStream(this.#load.fileAt(index), { highWaterMark: PIECE_OCTETS })) {
        await this.#offer({ type: 'file', index, octets: (piece as Buffer).toString('base64'), isLast: false });
      }
    } catch (error) {
      this.#settings.log(`its samples cannot be handed over: ${(error as Error).message}`);
      return;
    }
    this.#say({ type: 'file', index, octets: '', isLast: true });
  }

  /** Resolves when NATS has it. @throws Error where it does not take it */
  async #offer(piece: FromAgent): Promise<void> {
    this.#sendItems();
    const events: AgentEvents = { v: PROTOCOL_VERSION, counts: this.#load.counts, items: [piece] };
    const { envelope } = this.#settings;
    if (!(await this.#outbox.offer(this.#subjects.events(this.#sender), envelope.sealJson(events))))
      throw new Error('NATS has no room for them');
  }

  #end(): void {
    this.#isOver = true;
    this.#ended.resolve();
  }

  /** Whether the test has begun for it. */
  get hasScript(): boolean {
    return this.#loaded !== null;
  }

  /** The agent is to go: the load ends at once. */
  abandon(): void {
    this.#end();
  }
}
