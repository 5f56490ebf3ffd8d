// Tells when an agent is gone: its process at once, a frozen or cut off one after a while. While the own connection is down nobody is judged.
import { type NatsConnection, RequestError } from '@nats-io/transport-node';
import { agentSubjects } from '../subjects.ts';
import type { Recruit } from './recruit.ts';

const LOOK_MS = 250;
/** Two beats and a little: from then on it is asked whether it is there. */
const SILENT_MS = 1100;
const PING_MS = 1000;
/** After the own connection has come back nobody is judged for so long, in ms: all have to come back. */
const GRACE_MS = 5000;

interface Watched {
  readonly agent: Recruit;
  heardAt: number;
  /** Pings in a row that nobody was there for. */
  missing: number;
  isAsked: boolean;
  isGone: boolean;
}

export class LossWatch {
  readonly #connection: NatsConnection;
  readonly #timeoutMs: number;
  readonly #onLoss: (index: number, reason: string) => void;
  readonly #agents: Watched[];
  readonly #timer: NodeJS.Timeout;
  #isUp = true;
  #lookedAt = performance.now();
  #judgesFrom = 0;

  /** @param timeoutMs silence after which an agent counts as lost whose process is there */
  constructor(
    connection: NatsConnection,
    agents: readonly Recruit[],
    timeoutMs: number,
    onLoss: (index: number, reason: string) => void,
  ) {
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
    this.#onLoss = onLoss;
    const now = performance.now();
    this.#agents = agents.map((agent) => ({ agent, heardAt: now, missing: 0, isAsked: false, isGone: false }));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** An agent has given a sign of life. */
  hear(index: number): void {
    const watched = this.#agents[index];
    if (watched === undefined) return;
    watched.heardAt = performance.now();
    watched.missing = 0;
  }

  /** It has ended in order, or was lost. */
  forget(index: number): void {
    this.#agents[index]!.isGone = true;
  }

  setConnected(isUp: boolean): void {
    this.#isUp = isUp;
    if (isUp) this.#forgive(GRACE_MS);
  }

  /** Nobody could be heard for a while, for reasons of our own. @param graceMs how long nobody is judged */
  #forgive(graceMs: number): void {
    const now = performance.now();
    this.#judgesFrom = now + graceMs;
    for (const watched of this.#agents) {
      watched.heardAt = now;
      watched.missing = 0;
    }
  }

  #look(): void {
    const now = performance.now();
    // This process was held up itself: what was said meanwhile is still to be heard, and who has gone is still to be found.
    if (now - this.#lookedAt > SILENT_MS) this.#forgive(0);
    this.#lookedAt = now;
    if (!this.#isUp || now < this.#judgesFrom) return;
    for (const [index, watched] of this.#agents.entries()) {
      const silentMs = now - watched.heardAt;
      if (watched.isGone || silentMs < SILENT_MS) continue;
      if (silentMs > this.#timeoutMs) {
        this.#lose(index, `nothing was heard of it for ${Math.round(silentMs / 1000)} s`);
      } else if (!watched.isAsked) void this.#ask(index, watched);
    }
  }

  async #ask(index: number, watched: Watched): Promise<void> {
    watched.isAsked = true;
    try {
      await this.#connection.request(agentSubjects(watched.agent.id).ping, '', { timeout: PING_MS });
    } catch (error) {
      if (error instanceof RequestError && error.isNoResponders() && this.#isUp && ++watched.missing === 2)
        this.#lose(index, 'its process is gone');
    }
    watched.isAsked = false;
  }

  #lose(index: number, reason: string): void {
    const watched = this.#agents[index]!;
    if (watched.isGone) return;
    watched.isGone = true;
    this.#onLoss(index, reason);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
