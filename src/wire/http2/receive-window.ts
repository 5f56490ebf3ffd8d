import { windowSetting } from './peer-settings.ts';
import type { Sender } from './sender.ts';
import type { Http2Stream } from './stream.ts';

/** The payload of the PING that measures a round trip. */
const SAMPLE_PING = Buffer.from('sixfold\0', 'latin1');

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

  /** Returns the connection's window once half of it is used up, whatever becomes of the octets. */
  returnToConnection(sender: Sender): void {
    if (this.#owed * 2 < this.connection) return;
    sender.output.addWindowUpdate(0, this.#owed);
    this.#left += this.#owed;
    this.#owed = 0;
    if (this.#sampling || this.stream >= this.#max) {
      sender.flushSoon();
      return;
    }
    // What arrives until this PING comes back is what a window has to hold.
    this.#sampling = true;
    this.#sampled = 0;
    sender.output.addPing(false, SAMPLE_PING);
    sender.flushSoon();
  }

  /** Returns a stream's window for octets that its handler is done with, once half of it is used up. */
  returnToStream(stream: Http2Stream, octets: number, sender: Sender): void {
    stream.owed += octets;
    if (stream.owed * 2 < this.stream || stream.remoteClosed) return;
    // A window that has grown since the stream began is brought up to the present size.
    const increment = Math.max(stream.owed, this.stream - stream.receiveLeft - stream.held);
    sender.output.addWindowUpdate(stream.id, increment);
    stream.receiveLeft += increment;
    stream.owed = 0;
    sender.flushSoon();
  }

  /** A PING has come back: if it is ours and much came meanwhile, the windows grow. */
  endSample(bytes: Buffer, start: number, end: number, streams: Iterable<Http2Stream>, sender: Sender): void {
    if (!this.#sampling || bytes.compare(SAMPLE_PING, 0, 8, start, end) !== 0) return;
    this.#sampling = false;
    if (this.#sampled * 2 < this.stream) return;
    const before = this.stream;
    this.stream = Math.min(before * 2, this.#max);
    const grown = Math.max(0, Math.min(this.connection * 2, this.#max) - this.connection);
    if (grown > 0) sender.output.addWindowUpdate(0, grown);
    this.connection += grown;
    this.#left += grown;
    sender.output.addSettings(windowSetting(this.stream));
    // The peer counts the difference when it reads this, so what it may send has grown from now on.
    for (const stream of streams) stream.receiveLeft += this.stream - before;
    sender.flushSoon();
  }
}
