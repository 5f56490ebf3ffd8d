// What load workers have the main thread do for `k6/x/icmp`: they may start no processes themselves.
import type { Environment } from '../../options/environment.ts';
import type { Echo, EchoOutcome } from '../../vu/pinger.ts';
import { ENDED_EARLY, PingProcess } from './ping-process.ts';
import { findPing } from './ping-program.ts';

/** Processes at a time, for each load worker; further requests wait. */
const MOST_PINGS = 64;

/** A request on its way to a process, or with one. */
interface Request {
  isEnded: boolean;
  /** Called when it need not wait any more: it has a place, or is ended. */
  wake: (() => void) | null;
  process: PingProcess | null;
}

export class PingHost {
  readonly #program: Promise<string>;
  /** By the number of the errand that asked for it. */
  readonly #requests = new Map<number, Request>();
  /** For a place, in the order in which they came. */
  readonly #waiting = new Set<Request>();
  #places = MOST_PINGS;
  #isClosed = false;

  /** @param env that of the process */
  constructor(env: Environment) {
    this.#program = findPing(env);
    this.#program.catch(() => {});
  }

  /**
   * Sends one echo request, and waits for what becomes of it.
   * @param id of the errand, by which {@link end} knows it
   * @throws Error that says why nothing can be sent, and what to do
   */
  async ping(id: number, echo: Echo): Promise<EchoOutcome> {
    const asked = performance.now();
    const request: Request = { isEnded: this.#isClosed, wake: null, process: null };
    this.#requests.set(id, request);
    try {
      const program = await this.#program;
      const hasPlace = await this.#findPlace(request);
      if (!hasPlace) return { ...ENDED_EARLY, setupMs: performance.now() - asked };
      try {
        request.process = new PingProcess(program, echo, asked);
        return await request.process.outcome;
      } finally {
        this.#leavePlace();
      }
    } finally {
      this.#requests.delete(id);
    }
  }

  /** Ends what an errand has asked for, if that is not over. */
  end(started: number): void {
    const request = this.#requests.get(started);
    if (request !== undefined) this.#endRequest(request);
  }

  /** Ends all; nothing is sent any more. */
  close(): void {
    this.#isClosed = true;
    for (const request of this.#requests.values()) this.#endRequest(request);
  }

  /** @returns whether it has one: it was not ended meanwhile */
  async #findPlace(request: Request): Promise<boolean> {
    if (request.isEnded) return false;
    if (this.#places > 0) {
      this.#places--;
      return true;
    }
    this.#waiting.add(request);
    await new Promise<void>((resolve) => {
      request.wake = resolve;
    });
    // Whoever wakes it has taken it from the list: with a place, unless it was ended.
    return !request.isEnded;
  }

  #leavePlace(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#places++;
      return;
    }
    this.#waiting.delete(next);
    next.wake?.();
  }

  #endRequest(request: Request): void {
    request.process?.end();
    request.isEnded = true;
    if (this.#waiting.delete(request)) request.wake?.();
  }
}
