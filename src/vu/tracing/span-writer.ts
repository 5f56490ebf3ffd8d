// Where a thread's spans are written down until they go out with its samples.
import { ATTRIBUTE_TYPES, SPAN_WORDS, type SpanBatch } from '../../metrics/span-batch.ts';

/** Of a thread between two flushes; what is more is left out and counted. */
const MOST_SPANS = 50_000;

/** Text or whole number from 0 on, by key. */
export type SpanAttributes = readonly (readonly [key: string, value: string | number])[];

export interface FinishedSpan {
  /** Four words. */
  readonly trace: Uint32Array;
  /** Two words. */
  readonly id: Uint32Array;
  /** null: it is the root. */
  readonly parent: Uint32Array | null;
  readonly kind: number;
  readonly status: number;
  readonly name: string;
  /** What went wrong. */
  readonly message: string;
  /** Ms since the epoch. */
  readonly begin: number;
  readonly end: number;
  readonly attributes: SpanAttributes;
}

export class SpanWriter {
  #words = new Uint32Array(4096);
  #wordCount = 0;
  #times = new Float64Array(256);
  #count = 0;
  #lost = 0;
  #texts: string[] = [];
  readonly #places = new Map<string, number>();

  add(span: FinishedSpan): void {
    if (this.#count >= MOST_SPANS) {
      this.#lost++;
      return;
    }
    const { trace, id, parent, attributes } = span;
    this.#reserve(SPAN_WORDS + attributes.length * 3);
    const words = this.#words;
    let at = this.#wordCount;
    words.set(trace, at);
    words.set(id, at + 4);
    words[at + 6] = parent === null ? 0 : parent[0];
    words[at + 7] = parent === null ? 0 : parent[1];
    words[at + 8] = span.kind;
    words[at + 9] = span.status;
    words[at + 10] = this.#placeOf(span.name);
    words[at + 11] = this.#placeOf(span.message);
    words[at + 12] = attributes.length;
    at += SPAN_WORDS;
    for (const [key, value] of attributes) {
      words[at] = this.#placeOf(key);
      words[at + 1] = typeof value === 'string' ? ATTRIBUTE_TYPES.text : ATTRIBUTE_TYPES.integer;
      words[at + 2] = typeof value === 'string' ? this.#placeOf(value) : Math.min(value, 0xffff_ffff);
      at += 3;
    }
    this.#wordCount = at;
    this.#times[this.#count * 2] = span.begin;
    this.#times[this.#count * 2 + 1] = span.end;
    this.#count++;
  }

  /** @returns what there is, and forgets it; undefined: nothing */
  take(): SpanBatch | undefined {
    if (this.#count === 0) return undefined;
    const batch: SpanBatch = {
      texts: this.#texts,
      words: this.#words.slice(0, this.#wordCount),
      times: this.#times.slice(0, this.#count * 2),
      count: this.#count,
      lost: this.#lost,
    };
    this.#texts = [];
    this.#places.clear();
    this.#wordCount = this.#count = this.#lost = 0;
    return batch;
  }

  #placeOf(text: string): number {
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#texts.push(text) - 1;
      this.#places.set(text, place);
    }
    return place;
  }

  #reserve(words: number): void {
    if (this.#wordCount + words > this.#words.length) {
      const larger = new Uint32Array(Math.max(this.#words.length * 2, this.#wordCount + words));
      larger.set(this.#words);
      this.#words = larger;
    }
    if (this.#count * 2 + 2 > this.#times.length) {
      const longer = new Float64Array(this.#times.length * 2);
      longer.set(this.#times);
      this.#times = longer;
    }
  }
}
