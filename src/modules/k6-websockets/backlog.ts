// Events that wait for their handlers. When they are many, or large, the server has to wait, too.

/** So many events, or octets of messages in them, and the socket is paused. */
const MOST = { events: 256, octets: 1024 * 1024 };
/** When no more than so many are left it goes on. */
const FEW = { events: 64, octets: 256 * 1024 };

/** What can be told to read no more for now. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

export class Backlog {
  #events = 0;
  #octets = 0;
  #paused: Pausable | null = null;

  /** @param socket null: it does not read yet */
  add(octets: number, socket: Pausable | null): void {
    this.#events++;
    this.#octets += octets;
    if (this.#paused !== null || socket === null) return;
    if (this.#events < MOST.events && this.#octets < MOST.octets) return;
    this.#paused = socket;
    socket.pause();
  }

  /** One of them has got its turn. */
  take(octets: number): void {
    this.#events--;
    this.#octets -= octets;
    if (this.#paused === null || this.#events > FEW.events || this.#octets > FEW.octets) return;
    const socket = this.#paused;
    this.#paused = null;
    socket.resume();
  }
}
