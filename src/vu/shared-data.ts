// What SharedArrays hold, by name: JSON text of each element, in memory that all workers of the process share.

/** The elements under a name. Posting it to another thread copies none of them. */
export interface SharedElements {
  readonly count: number;
  /** Text one behind the other; no element is in two of them. */
  readonly chunks: readonly SharedArrayBuffer[];
  /** Of each element in `Uint32Array`s of three: its chunk, where it begins there, its length in octets with {@link WIDE} set for UTF-8. */
  readonly places: SharedArrayBuffer;
}

/** Elements as those who read them have them. */
export interface ElementReader {
  readonly count: number;
  /** JSON text of an element from 0 to `count` - 1. */
  read(index: number): string;
}

const FIELDS = 3;
/** Marks text that is not all ASCII: the rest is read without looking at each character. */
const WIDE = 2 ** 31;
const SMALLEST_CHUNK = 4096;
const LARGEST_CHUNK = 4 * 1024 * 1024;

/** Puts elements into shared memory, one after the other. */
export class ElementWriter {
  readonly #chunks: SharedArrayBuffer[] = [];
  #chunk: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #used = 0;
  #places = new Uint32Array(64 * FIELDS);
  #count = 0;

  /** @param text JSON, below 2 GiB */
  add(text: string): void {
    const octets = Buffer.byteLength(text);
    if (this.#chunks.length === 0 || octets > this.#chunk.length - this.#used) this.#grow(octets);
    const isAscii = octets === text.length;
    this.#chunk.write(text, this.#used, isAscii ? 'latin1' : 'utf8');
    if ((this.#count + 1) * FIELDS > this.#places.length) {
      const larger = new Uint32Array(this.#places.length * 2);
      larger.set(this.#places);
      this.#places = larger;
    }
    const at = this.#count++ * FIELDS;
    this.#places[at] = this.#chunks.length - 1;
    this.#places[at + 1] = this.#used;
    this.#places[at + 2] = isAscii ? octets : octets + WIDE;
    this.#used += octets;
  }

  /** What was added; nothing may be added any more. */
  finish(): SharedElements {
    const places = new SharedArrayBuffer(this.#count * FIELDS * Uint32Array.BYTES_PER_ELEMENT);
    new Uint32Array(places).set(this.#places.subarray(0, this.#count * FIELDS));
    return { count: this.#count, chunks: this.#chunks, places };
  }

  #grow(least: number): void {
    const size = Math.max(least, Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, this.#chunk.length * 2)));
    const memory = new SharedArrayBuffer(size);
    this.#chunks.push(memory);
    this.#chunk = Buffer.from(memory);
    this.#used = 0;
  }
}

function readerOf({ count, chunks, places }: SharedElements): ElementReader {
  const buffers = chunks.map((chunk) => Buffer.from(chunk));
  const fields = new Uint32Array(places);
  return {
    count,
    read(index) {
      const at = index * FIELDS;
      const chunk = buffers[fields[at]];
      const start = fields[at + 1];
      const length = fields[at + 2];
      return length < WIDE
        ? chunk.toString('latin1', start, start + length)
        : chunk.toString('utf8', start, start + length - WIDE);
    },
  };
}

const data = new Map<string, { readonly elements: SharedElements; readonly reader: ElementReader }>();

/** The elements that a name stands for, once a virtual user of this worker has built them or another worker's were taken over. */
export function findSharedData(name: string): ElementReader | undefined {
  return data.get(name)?.reader;
}

/** Keeps what a script's function gave. */
export function keepSharedData(name: string, elements: SharedElements): void {
  data.set(name, { elements, reader: readerOf(elements) });
}

/** Takes over what another worker built, so that the script's function does not run here. */
export function adoptSharedData(entries: Iterable<readonly [string, SharedElements]>): void {
  for (const [name, elements] of entries) keepSharedData(name, elements);
}

/** How much memory it takes, in octets. */
export function sizeOfSharedData(): number {
  let octets = 0;
  for (const { elements } of data.values()) for (const chunk of elements.chunks) octets += chunk.byteLength;
  return octets;
}

/** Everything there is, to hand to other workers. */
export function allSharedData(): readonly (readonly [string, SharedElements])[] {
  return Array.from(data, ([name, { elements }]) => [name, elements] as const);
}
