import type { PeerSettings } from './peer-settings.ts';
import { MAX_STREAM_ID } from './protocol.ts';
import type { Http2Stream } from './stream.ts';

/** The streams of a connection: those that are open, by id, and those that wait for a place under MAX_CONCURRENT_STREAMS. */
export class StreamTable {
  /** The one that is open while there is only one: a map that is filled and emptied with every request costs more than the request. */
  #only: Http2Stream | null = null;
  /** All others. */
  readonly #open = new Map<number, Http2Stream>();
  readonly #waiting: Http2Stream[] = [];
  readonly #peer: PeerSettings;
  #nextId = 1;

  constructor(peer: PeerSettings) {
    this.#peer = peer;
  }

  /** Open and waiting ones. */
  get size(): number {
    return this.#openCount + this.#waiting.length;
  }

  /** Whether a stream can be opened at once, before none that waits. */
  get hasRoom(): boolean {
    return this.#waiting.length === 0 && this.#openCount < this.#peer.maxConcurrentStreams;
  }

  /** No id is left for another stream. */
  get isUsedUp(): boolean {
    return this.#nextId > MAX_STREAM_ID;
  }

  get open(): Iterable<Http2Stream> {
    return this.#only === null ? this.#open.values() : [this.#only, ...this.#open.values()];
  }

  get #openCount(): number {
    return this.#open.size + (this.#only === null ? 0 : 1);
  }

  find(id: number): Http2Stream | undefined {
    return this.#only !== null && this.#only.id === id ? this.#only : this.#open.get(id);
  }

  /** Whether we have never opened the stream; then there is no excuse for a frame on it. */
  isIdle(id: number): boolean {
    return (id & 1) === 0 || id >= this.#nextId;
  }

  /** Gives a stream its id. */
  add(stream: Http2Stream): void {
    stream.id = this.#nextId;
    this.#nextId += 2;
    if (this.#only === null && this.#open.size === 0) this.#only = stream;
    else this.#open.set(stream.id, stream);
  }

  remove(stream: Http2Stream): void {
    if (this.#only === stream) this.#only = null;
    else this.#open.delete(stream.id);
  }

  wait(stream: Http2Stream): void {
    this.#waiting.push(stream);
  }

  leaveQueue(stream: Http2Stream): void {
    const at = this.#waiting.indexOf(stream);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** Takes the next one that waits, if there is a place for it. */
  takeWaiting(): Http2Stream | undefined {
    return this.#openCount < this.#peer.maxConcurrentStreams ? this.#waiting.shift() : undefined;
  }

  /** Takes out what the peer has not seen, and will not: streams above an id, and all that wait. */
  takeUnseen(lastId: number): Http2Stream[] {
    const unseen = [...this.open].filter((stream) => stream.id > lastId);
    for (const stream of unseen) this.remove(stream);
    return [...unseen, ...this.#waiting.splice(0)];
  }

  takeAll(): Http2Stream[] {
    const all = [...this.open, ...this.#waiting.splice(0)];
    this.#only = null;
    this.#open.clear();
    return all;
  }
}
