/**
 * How much the peer may send, for the connection and for each stream. Starts small, since many connections with large
 * windows are much memory, and doubles when more than half a window arrives within one round trip of a PING.
 */
export class ReceiveWindows {
  /** What is announced as INITIAL_WINDOW_SIZE. */
  stream: number;
  /** The size that the connection's window is kept at. */
  connection: number;
  readonly #max: number;
  /** What the peer may still send on the connection. */
  #left: number;
  /** What has come and has not been returned. */
  #owed = 0;
  #sampling = false;
  #sampled = 0;

  constructor(stream: number, connection: number, max: number) {
    this.stream = stream;
    this.connection = connection;
    this.#left = connection;
    this.#max = max;
  }

  /**
   * Counts octets of DATA frames, padding included.
   * @returns false when that is more than was allowed
   */
  take(octets: number): boolean {
    this.#left -= octets;
    this.#owed += octets;
    this.#sampled += octets;
    return this.#left >= 0;
  }

  /** The increment to return now: zero until half the window is used up. */
  returnable(): number {
    if (this.#owed * 2 < this.connection) return 0;
    const increment = this.#owed;
    this.#owed = 0;
    this.#left += increment;
    return increment;
  }

  /** Whether a PING should be sent to measure what arrives in a round trip; the caller sends it. */
  beginSample(): boolean {
    if (this.#sampling || this.stream >= this.#max) return false;
    this.#sampling = true;
    this.#sampled = 0;
    return true;
  }

  /** The PING has come back. @returns by how much the connection's window grows; zero when both stay as they are */
  endSample(): number {
    if (!this.#sampling) return 0;
    this.#sampling = false;
    if (this.#sampled * 2 < this.stream) return 0;
    this.stream = Math.min(this.stream * 2, this.#max);
    const grown = Math.min(this.connection * 2, Math.max(this.#max, this.connection)) - this.connection;
    this.connection += grown;
    this.#left += grown;
    return grown;
  }
}
