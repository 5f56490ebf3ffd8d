// What the control plane does alike for every kind of host: numbers steps and finds their replies, measures limits in the time of the
// run, and loses patience with a host that does not heed a stop.
import type { ExitError } from '../../exit/exit-error.ts';
import { PausableClock, RealClock } from '../clock.ts';
import { type LoadListener, type StepLimit, stuckError } from '../load-host.ts';
import type { Command, FromHost, Numbered, Reply, ReplyTo, Step, ToHost } from '../worker-protocol.ts';

/** How long a host may take to say its last words, in ms: one that is stuck in a script says none. */
const LAST_WORDS_MS = 1000;

/** The way to a host. */
export interface HostChannel {
  post(message: ToHost): void;
  /** Ends the host at once, whatever it is doing. */
  kill(): void;
}

interface Pending {
  readonly step: Step['type'];
  resolve(reply: Reply | null): void;
  reject(error: unknown): void;
}

export class HostLink {
  readonly #channel: HostChannel;
  readonly #listener: LoadListener;
  readonly #patienceMs: number;
  readonly #pending = new Map<number, Pending>();
  /** The time of the run, which limits are measured in. */
  readonly #clock = new PausableClock(new RealClock());
  #steps = 0;
  #alive = true;
  #failure: ExitError | null = null;
  /** Runs from a stop until the host shows that it has heard it. */
  #patience: NodeJS.Timeout | null = null;
  #onEnded: (() => void) | null = null;
  #onWord: (() => void) | null = null;

  /** @param patienceMs how long the host may take to react to a stop, before it is ended */
  constructor(channel: HostChannel, listener: LoadListener, patienceMs: number) {
    this.#channel = channel;
    this.#listener = listener;
    this.#patienceMs = patienceMs;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Whether a stop has been said and not been heard yet. */
  get isStopping(): boolean {
    return this.#patience !== null;
  }

  /** The time of the run, in ms since the epoch: it stands still while the run is paused. */
  get nowMs(): number {
    return this.#clock.now();
  }

  /** Whether something was asked beside that step, and not answered. */
  isRunningBeside(step: Step['type']): boolean {
    for (const pending of this.#pending.values()) if (pending.step !== step) return true;
    return false;
  }

  isRunning(step: Step['type']): boolean {
    for (const pending of this.#pending.values()) if (pending.step === step) return true;
    return false;
  }

  /** As {@link LoadHost.ask}. */
  async ask<S extends Step>(
    step: S,
    limit?: StepLimit,
  ): Promise<ReplyTo<S> | Extract<Reply, { type: 'failed' }> | null> {
    if (!this.#alive) throw this.#failure;
    const number = ++this.#steps;
    if (step.type === 'start') this.#clock.adopt(step.stoodMs ?? 0);
    const waiting = new Promise<Reply | null>((resolve, reject) => {
      this.#pending.set(number, { step: step.type, resolve, reject });
    });
    this.#channel.post({ ...step, step: number });
    const timer = limit && this.#clock.setTimer(this.#clock.now() + limit.timeoutMs, () => this.#expire(number, limit));
    try {
      return (await waiting) as ReplyTo<S> | Extract<Reply, { type: 'failed' }> | null;
    } finally {
      timer?.clear();
    }
  }

  #expire(step: number, limit: StepLimit): void {
    if (limit.endsHost) {
      this.#kill(limit.late());
      return;
    }
    const pending = this.#pending.get(step);
    this.#pending.delete(step);
    this.tell({ type: 'stop' });
    pending?.reject(limit.late());
  }

  /** As {@link LoadHost.tell}. */
  tell(command: Command): void {
    if (!this.#alive) return;
    this.#channel.post(command);
    switch (command.type) {
      case 'pause':
        this.#clock.pause();
        return;
      case 'resume':
        this.#clock.resume();
        return;
      case 'scale':
      case 'secret':
        return;
      case 'stop': {
        this.#patience ??= setTimeout(() => this.#kill(stuckError()), this.#patienceMs).unref();
        for (const [step, { step: type, resolve }] of this.#pending) {
          if (type === 'start' || type === 'teardown') continue;
          // Init code and setup just end: nothing that they could still say is wanted.
          this.#pending.delete(step);
          resolve(null);
        }
      }
    }
  }

  /** Takes what the host says. */
  hear(message: FromHost): void {
    switch (message.type) {
      case 'stopped':
        this.#calmDown();
        return;
      case 'ended':
        this.#onEnded?.();
        return;
      case 'samples':
      case 'report':
      case 'log':
      case 'progress':
      case 'abort':
      case 'mark-failed':
      case 'cut-off':
      case 'secret':
        this.#listener(message);
        return;
      default:
        this.#answer(message);
    }
  }

  /** A step that was given up (timeout, stop) may still be answered: that answer is nobody's. */
  #answer({ step, ...reply }: Numbered<Reply>): void {
    const pending = this.#pending.get(step);
    this.#pending.delete(step);
    pending?.resolve(reply);
  }

  #calmDown(): void {
    if (this.#patience) clearTimeout(this.#patience);
    this.#patience = null;
  }

  #kill(error: ExitError): void {
    this.#channel.kill();
    this.die(error);
  }

  /** The host is gone: rejects what was asked of it, and all that will be. */
  die(error: ExitError): void {
    this.#onEnded?.();
    if (!this.#alive) return;
    this.#alive = false;
    this.#calmDown();
    this.#failure = error;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }

  /** The host is at its last words, and has said something. */
  hearWord(): void {
    this.#onWord?.();
  }

  /**
   * Nothing is asked any more. Resolves when all that the host has said is heard, or when it says nothing.
   * @param silenceMs how long it may say nothing
   */
  async finish(silenceMs: number = LAST_WORDS_MS): Promise<void> {
    this.#pending.clear();
    await new Promise<void>((resolve) => {
      let patience = setTimeout(resolve, silenceMs);
      this.#onWord = () => {
        clearTimeout(patience);
        patience = setTimeout(resolve, silenceMs);
      };
      this.#onEnded = () => {
        clearTimeout(patience);
        resolve();
      };
      this.#channel.post({ type: 'exit' });
    });
    this.#onWord = null;
    this.#calmDown();
    this.#alive = false;
  }
}
