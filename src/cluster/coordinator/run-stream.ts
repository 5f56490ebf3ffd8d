// The record of a run: decisions are appended by whoever leads and by nobody else; what agents say is read in order.
import { randomBytes } from 'node:crypto';
import {
  type JetStreamApiError,
  type JetStreamClient,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { Envelope } from '../envelope.ts';
import { type Decision, PROTOCOL_VERSION, type Recorded } from '../messages.ts';
import { isDecisionSigned, type Signer } from '../signing.ts';
import { isNoRoom } from '../stream-room.ts';
import { runSubjects, streamOf } from '../subjects.ts';

/** What a run may take on the disk of NATS. */
const MOST_OCTETS = 1024 ** 3;
const KEPT_NANOS = 7 * 24 * 3600 * 1e9;
const ACK_MS = 5000;
const RETRY_MS = 250;
/** How long somebody may take to make room in a stream that is full, in ms, before the run is given up. */
const ROOM_MS = 60_000;
/** How long NATS may be gone, in ms, before the run is given up: a minute more than agents wait, which have stopped the load by then. */
const GONE_MS = 6 * 60_000;
/** NATS says so where the last decision is not the one that was expected: somebody else has appended. */
const WRONG_LAST_SEQUENCE = 10_071;
/** When the server is to say that it is still there, in ms: a process that starves must not take it for gone. */
const HEARTBEAT_MS = 2000;
/** How often who takes a run over says so: of several messages the fastest one says best how clocks differ. */
const LEADS = 5;
/** Decisions that are answered at once to an agent that has missed some. */
const ANSWERED = 100;

/** Hears what is in the stream, in its order. */
export type StreamReader = (message: JsMsg) => void;

export class RunStream {
  readonly #connection: NatsConnection;
  readonly #jetstream: JetStreamClient;
  readonly #run: string;
  readonly #envelope: Envelope;
  readonly #signer: Signer | null;
  /** Tells what this program records twice from what two programs record. */
  readonly #leader = randomBytes(8).toString('hex');
  readonly #decisions: Recorded[] = [];
  /** By how much the clock of NATS is ahead of the time of the run, as far as the record tells, in ms; null: nothing tells it. */
  #natsAheadMs: number | null = null;
  /** What is to be added to this machine's clock to get the time of the run, in ms; null: that is not known yet. */
  #aheadMs: number | null = 0;
  /** Place of the last decision in the stream, among all that is in there; 0: there is none. */
  #lastInStream = 0;
  #recording: Promise<void> = Promise.resolve();
  readonly #roomMs: number;
  readonly #goneMs: number;
  #failure: ExitError | null = null;
  #isReplaced = false;
  #onFailure: ((error: ExitError) => void) | null = null;
  /** Place of the last message that was read. */
  #read = 0;
  #messages: { stop(): void } | null = null;
  #isClosed = false;

  /**
   * @param signer signs what is decided; null: nobody does
   * @param limits in ms: how long a stream that is full is waited for, and a server that takes nothing
   */
  constructor(
    connection: NatsConnection,
    run: string,
    envelope: Envelope,
    signer: Signer | null,
    { roomMs = ROOM_MS, goneMs = GONE_MS }: { readonly roomMs?: number; readonly goneMs?: number } = {},
  ) {
    this.#roomMs = roomMs;
    this.#goneMs = goneMs;
    this.#signer = signer;
    this.#connection = connection;
    this.#jetstream = jetstream(connection);
    this.#run = run;
    this.#envelope = envelope;
  }

  /** @throws ExitError 255 where NATS has no JetStream, or no room */
  async create(): Promise<void> {
    const { commands, events, reports } = runSubjects(this.#run);
    try {
      const manager = await jetstreamManager(this.#connection);
      await manager.streams.add({
        name: streamOf(this.#run),
        subjects: [commands, events('*'), reports('*')],
        storage: 'file',
        discard: 'new',
        max_bytes: MOST_OCTETS,
        max_age: KEPT_NANOS,
        num_replicas: this.#replicas,
        duplicate_window: 2 * 60 * 1e9,
      });
    } catch (error) {
      throw new ExitError(
        EXIT.other,
        `NATS cannot hold the run: ${(error as Error).message}. It needs JetStream (nats-server -js) with ${MOST_OCTETS / 1024 ** 2} MB for each run`,
        { cause: error },
      );
    }
  }

  /** Three in a cluster, where losing a server loses nothing. */
  get #replicas(): number {
    return this.#connection.info?.cluster === undefined ? 1 : 3;
  }

  /**
   * Reads what was decided before, by somebody else; what stands at another place than it was decided for is none of it.
   * @throws ExitError 255 where there is no such run, or another key than the run's was given
   */
  async readDecisions(): Promise<readonly Recorded[]> {
    const { commands } = runSubjects(this.#run);
    const stream = streamOf(this.#run);
    try {
      const manager = await jetstreamManager(this.#connection);
      const last = await manager.streams.getMessage(stream, { last_by_subj: commands });
      if (last === null) return this.#decisions;
      const consumer = await this.#jetstream.consumers.get(stream, { filter_subjects: commands });
      for await (const { seq, data, time } of await consumer.consume()) {
        const recorded = this.#envelope.openJson<Recorded>(data);
        if (recorded.place === this.last + 1 && this.isGenuine(recorded)) {
          this.#decisions.push(recorded);
          if (recorded.atMs !== undefined)
            this.#natsAheadMs = Math.min(this.#natsAheadMs ?? Number.POSITIVE_INFINITY, time.getTime() - recorded.atMs);
        }
        this.#lastInStream = seq;
        if (seq >= last.seq) break;
      }
      if (this.#decisions.length === 0) throw new Error('it is signed by another key than --sign names');
      return this.#decisions;
    } catch (error) {
      throw new ExitError(EXIT.other, `the run ${this.#run} cannot be read: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  /** Place of the last decision; 0: there is none. */
  get last(): number {
    return this.#decisions.length;
  }

  /** Whether a decision comes from who leads the run, where that is signed. */
  isGenuine(recorded: Recorded): boolean {
    return this.#signer === null || isDecisionSigned(this.#signer.publicKey, this.#run, recorded);
  }

  /** What is to be added to this machine's clock to get the time of the run, in ms. */
  get aheadMs(): number {
    return this.#aheadMs ?? 0;
  }

  /**
   * Takes the run over. Its time stays that of the clock of who began it, which the times tell that NATS has given to its decisions, and
   * gives to ours.
   * @param term greater than any before
   */
  async takeLead(term: number): Promise<void> {
    if (this.#natsAheadMs === null) {
      await this.record({ type: 'lead', term });
      return;
    }
    this.#aheadMs = null;
    let natsAheadMs = Number.POSITIVE_INFINITY;
    const manager = await jetstreamManager(this.#connection);
    for (let count = 0; count < LEADS && !this.hasFailed; count++) {
      const saidMs = now();
      await this.record({ type: 'lead', term });
      const stored = await manager.streams.getMessage(streamOf(this.#run), { seq: this.#lastInStream });
      if (stored !== null) natsAheadMs = Math.min(natsAheadMs, stored.time.getTime() - saidMs);
    }
    this.#aheadMs = Number.isFinite(natsAheadMs) ? natsAheadMs - this.#natsAheadMs : 0;
  }

  /** Decisions after a place, as many as go into one message. */
  after(place: number, most = ANSWERED): readonly Recorded[] {
    return this.#decisions.slice(place, place + most);
  }

  /** Whether it has been given up: nothing more is recorded. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** Whether somebody else leads the run now. */
  get isReplaced(): boolean {
    return this.#isReplaced;
  }

  /** @param listener hears, once, that nothing can be recorded any more */
  onFailure(listener: (error: ExitError) => void): void {
    this.#onFailure = listener;
  }

  /**
   * Appends a decision, then tells it. While NATS is away, or has no room, it waits, and not for ever; the end of a run, which makes room, is
   * told without a record.
   * @returns resolves when it is recorded, or cannot be any more
   */
  record(decision: Decision): Promise<void> {
    this.#recording = this.#recording.then(() => this.#append(decision));
    return this.#recording;
  }

  async #append(decision: Decision): Promise<void> {
    const { commands, told } = runSubjects(this.#run);
    const place = this.last + 1;
    const signature = this.#signer?.signDecision(this.#run, place, decision);
    const recorded: Recorded = {
      v: PROTOCOL_VERSION,
      place,
      decision,
      ...(this.#aheadMs !== null && { atMs: now() + this.#aheadMs }),
      ...(signature !== undefined && { signature }),
    };
    const octets = this.#envelope.sealJson(recorded);
    const roomMs = decision.type === 'over' ? 0 : this.#roomMs;
    const begunAt = performance.now();
    let fullSince: number | null = null;
    while (this.#failure === null && !this.#isClosed) {
      try {
        const { seq } = await this.#jetstream.publish(commands, octets, {
          msgID: `${this.#leader}-${place}`,
          expect: { lastSubjectSequence: this.#lastInStream },
          timeout: ACK_MS,
        });
        this.#lastInStream = seq;
        this.#decisions.push(recorded);
        this.#connection.publish(told, octets);
        return;
      } catch (error) {
        const failedAt = performance.now();
        fullSince = isNoRoom(error) ? (fullSince ?? failedAt) : null;
        if ((error as JetStreamApiError).code === WRONG_LAST_SEQUENCE) this.#replace();
        else if (fullSince !== null && failedAt - fullSince >= roomMs) this.#fail(this.#noRoom(error as Error));
        else if (fullSince === null && failedAt - begunAt >= this.#goneMs) this.giveUp((error as Error).message);
        else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    if (decision.type === 'over' && !this.#isReplaced && !this.#isClosed) this.#connection.publish(told, octets);
  }

  #replace(): void {
    this.#isReplaced = true;
    this.#fail(`somebody else leads the run ${this.#run} now: this program has no say in it any more`);
  }

  #noRoom({ message }: Error): string {
    return (
      `NATS has no room for the run ${this.#run} any more (${message}), and the test cannot be led on: ` +
      `give the server more (max_file_store), or remove runs that are over (sixfold cluster rm); a run may take ${MOST_OCTETS / 1024 ** 2} MB`
    );
  }

  /** NATS has been gone for too long: nothing more is recorded. @param reason what it says, or why nothing is heard of it */
  giveUp(reason: string): void {
    const forText = this.#goneMs < 60_000 ? `${this.#goneMs / 1000} s` : `${this.#goneMs / 60_000} minutes`;
    this.#fail(
      `NATS has taken nothing for ${forText} (${reason}), and the test cannot be led on: what was measured until it went stands. ` +
        `Agents stop by themselves. Should it come back, "sixfold cluster attach ${this.#run}" leads the run to its end`,
    );
  }

  #fail(text: string): void {
    if (this.#failure !== null) return;
    this.#failure = new ExitError(EXIT.other, text);
    this.#onFailure?.(this.#failure);
  }

  /** Reads the whole stream from its beginning, and goes on. */
  async follow(reader: StreamReader): Promise<void> {
    const consumer = await this.#jetstream.consumers.get(streamOf(this.#run), { opt_start_seq: this.#read + 1 });
    const messages = await consumer.consume({ idle_heartbeat: HEARTBEAT_MS });
    if (this.#isClosed) {
      messages.stop();
      return;
    }
    this.#messages = messages;
    void (async () => {
      for await (const message of messages) {
        if (message.seq <= this.#read) continue;
        this.#read = message.seq;
        reader(message);
      }
    })();
  }

  /** Begins to read anew where it was: a consumer is silent for long after the server has come back. */
  async resume(reader: StreamReader): Promise<void> {
    this.#messages?.stop();
    for (;;) {
      if (this.#isClosed) return;
      try {
        await this.follow(reader);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** Waits for what is being recorded, and reads no more. */
  async close(): Promise<void> {
    await this.#recording;
    this.#isClosed = true;
    this.#messages?.stop();
  }
}

/** By this machine, in ms since the epoch. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
