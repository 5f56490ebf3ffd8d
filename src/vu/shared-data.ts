// What SharedArrays hold, by name: JSON text of each element, in memory that all workers of the process share.

/** The elements under a name. Posting it to another thread copies none of them. */
export interface SharedElements {
  readonly count: number;
  /** Text one behind the other; no element is in two of them. One that does not fit into the rest of a chunk begins the next. */
  readonly chunks: readonly SharedArrayBuffer[];
  /** Of each element, in a `Uint32Array`: its length in octets, with {@link WIDE} set for UTF-8. */
  readonly lengths: SharedArrayBuffer;
  /** Of each {@link STRIDE}th element, in `Uint32Array`s of two: its chunk, and where it begins there. */
  readonly places: SharedArrayBuffer;
}

/** Elements as those who read them have them. */
export interface ElementReader {
  readonly count: number;
  /** JSON text of an element from 0 to `count` - 1. */
  read(index: number): string;
}

/** Marks text that is not all ASCII: the rest is read without looking at each character. */
const WIDE = 2 ** 31;
/** Elements from one known place to the next: lengths are added up between, so that millions of small elements cost four octets each. */
const STRIDE = 32;
const SMALLEST_CHUNK = 4096;
const LARGEST_CHUNK = 4 * 1024 * 1024;

/** Numbers without a known end. */
class Numbers {
  #values = new Uint32Array(64);
  #count = 0;

  push(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Uint32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }

  share(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(this.#count * Uint32Array.BYTES_PER_ELEMENT);
    new Uint32Array(memory).set(this.#values.subarray(0, this.#count));
    return memory;
  }
}

/** Puts elements into shared memory, one after the other. */
export class ElementWriter {
  readonly #chunks: SharedArrayBuffer[] = [];
  #chunk: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #used = 0;
  readonly #lengths = new Numbers();
  readonly #places = new Numbers();
  #count = 0;

  /** @param text JSON, below 2 GiB */
  add(text: string): void {
    const octets = Buffer.byteLength(text);
    if (this.#chunks.length === 0 || octets > this.#chunk.length - this.#used) this.#grow(octets);
    const isAscii = octets === text.length;
    this.#chunk.write(text, this.#used, isAscii ? 'latin1' : 'utf8');
    if (this.#count % STRIDE === 0) {
      this.#places.push(this.#chunks.length - 1);
      this.#places.push(this.#used);
    }
    this.#lengths.push(isAscii ? octets : octets + WIDE);
    this.#count++;
    this.#used += octets;
  }

  /** What was added; nothing may be added any more. */
  finish(): SharedElements {
    return { count: this.#count, chunks: this.#chunks, lengths: this.#lengths.share(), places: this.#places.share() };
  }

  #grow(least: number): void {
    const size = Math.max(least, Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, this.#chunk.length * 2)));
    const memory = new SharedArrayBuffer(size);
    this.#chunks.push(memory);
    this.#chunk = Buffer.from(memory);
    this.#used = 0;
  }
}

function readerOf({ count, chunks, lengths, places }: SharedElements): ElementReader {
  const buffers = chunks.map((chunk) => Buffer.from(chunk));
  const marked = new Uint32Array(lengths);
  const known = new Uint32Array(places);
  return {
    count,
    read(index) {
      const stride = Math.floor(index / STRIDE);
      let chunk = known[stride * 2];
      let start = known[stride * 2 + 1];
      for (let i = stride * STRIDE; i < index; i++) {
        start += marked[i] & ~WIDE;
        // The next one did not fit into the rest of the chunk.
        if (start + (marked[i + 1] & ~WIDE) > buffers[chunk].length) {
          chunk++;
          start = 0;
        }
      }
      const octets = marked[index] & ~WIDE;
      return buffers[chunk].toString(octets === marked[index] ? 'latin1' : 'utf8', start, start + octets);
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
