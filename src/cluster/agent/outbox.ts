// What an agent says, on its way into the stream: in order, each until NATS has it. While there is no connection it waits.
import { JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream';
import { type Part, splitMessage } from '../parts.ts';
import { isNoRoom } from '../stream-room.ts';

/** How long NATS may take to acknowledge, in ms, before it is asked again. */
const ACK_MS = 5000;
const RETRY_MS = 500;

interface Waiting {
  readonly subject: string;
  readonly part: Part;
  /** What it is a part of, where that may be given up; null: it may not. */
  readonly offer: { settle(isTaken: boolean): void } | null;
}

export class Outbox {
  readonly #jetstream: JetStreamClient;
  readonly #sender: string;
  readonly #queue: Waiting[] = [];
  readonly #idle: (() => void)[] = [];
  #numbers = 0;
  #isSending = false;
  #isClosed = false;
  #problem: string | null = null;
  /** How long what waits is tried again while NATS takes nothing, in ms, and when it last took something. */
  #patienceMs = Number.POSITIVE_INFINITY;
  #takenAt = 0;

  /** @param sender its name in the run */
  constructor(jetstream: JetStreamClient, sender: string) {
    this.#jetstream = jetstream;
    this.#sender = sender;
  }

  /** Messages that NATS does not have yet. */
  get backlog(): number {
    return this.#queue.length;
  }

  /** Why they wait; null: it is not known that they do. */
  get problem(): string | null {
    return this.#problem;
  }

  /** @param octets of any size */
  put(subject: string, octets: Uint8Array): void {
    this.#add(subject, octets, null);
  }

  /**
   * As {@link put}, for what the run can do without: a stream that has no room for it is no reason to wait.
   * @returns whether NATS has it
   */
  offer(subject: string, octets: Uint8Array): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    return new Promise((resolve) => this.#add(subject, octets, { settle: resolve }));
  }

  #add(subject: string, octets: Uint8Array, offer: Waiting['offer']): void {
    for (const part of splitMessage(this.#sender, ++this.#numbers, octets)) this.#queue.push({ subject, part, offer });
    void this.#send();
  }

  /** Resolves when NATS has everything, or the outbox is closed. */
  async drain(): Promise<void> {
    if (this.#queue.length === 0 || this.#isClosed) return;
    await new Promise<void>((resolve) => void this.#idle.push(resolve));
  }

  /** What waits is given up, from now on, once NATS has taken nothing for so long: nobody may be there to have it back. */
  giveUpAfter(ms: number): void {
    this.#patienceMs = ms;
    this.#takenAt = performance.now();
  }

  /** Gives up what waits. */
  close(): void {
    this.#isClosed = true;
    for (const resolve of this.#idle.splice(0)) resolve();
    for (const { offer } of this.#queue) offer?.settle(false);
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#queue.length > 0 && !this.#isClosed) {
      const [{ subject, part, offer }] = this.#queue as [Waiting];
      try {
        await this.#jetstream.publish(subject, part.octets, {
          msgID: part.id,
          headers: part.headers,
          timeout: ACK_MS,
        });
        this.#queue.shift();
        this.#problem = null;
        this.#takenAt = performance.now();
        if (this.#queue[0]?.offer !== offer) offer?.settle(true);
      } catch (error) {
        if (offer !== null && isNoRoom(error)) {
          while (this.#queue[0]?.offer === offer) this.#queue.shift();
          offer.settle(false);
          continue;
        }
        this.#problem =
          error instanceof JetStreamApiError ? `NATS refuses it: ${error.message}` : (error as Error).message;
        if (performance.now() - this.#takenAt >= this.#patienceMs) this.close();
        else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    this.#isSending = false;
    if (this.#queue.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
