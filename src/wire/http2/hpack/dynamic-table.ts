import { fieldSize, type HeaderField } from './header-field.ts';

/** The dynamic table (RFC 7541 section 2.3.2) as a ring; index 0 is the newest entry. */
export class DynamicTable {
  /** Changes whenever an entry comes or goes: what was derived from the table is valid while it has not changed. */
  generation = 0;
  #entries: (HeaderField | undefined)[] = new Array(16);
  /** Where the newest entry lies. */
  #head = 0;
  #count = 0;
  #size = 0;
  #maxSize: number;
  readonly #onEvict: ((field: HeaderField, sequence: number) => void) | null;
  /** Entries ever inserted: the newest has the sequence number `inserted - 1`. */
  inserted = 0;

  constructor(maxSize: number, onEvict: ((field: HeaderField, sequence: number) => void) | null = null) {
    this.#maxSize = maxSize;
    this.#onEvict = onEvict;
  }

  get count(): number {
    return this.#count;
  }

  /** Octets, as RFC 7541 section 4.1 counts them. */
  get size(): number {
    return this.#size;
  }

  get maxSize(): number {
    return this.#maxSize;
  }

  at(index: number): HeaderField | undefined {
    if (index >= this.#count) return undefined;
    return this.#entries[(this.#head - index + this.#entries.length) % this.#entries.length];
  }

  insert(field: HeaderField): void {
    const size = fieldSize(field.name, field.value);
    this.generation++;
    this.#evictDownTo(this.#maxSize - size);
    // One that is larger than the whole table empties it and is not an error (RFC 7541 section 4.4).
    if (size > this.#maxSize) return;
    if (this.#count === this.#entries.length) this.#grow();
    this.#head = (this.#head + 1) % this.#entries.length;
    this.#entries[this.#head] = field;
    this.#count++;
    this.#size += size;
    this.inserted++;
  }

  resize(maxSize: number): void {
    this.#maxSize = maxSize;
    if (this.#size > maxSize) {
      this.generation++;
      this.#evictDownTo(maxSize);
    }
  }

  #evictDownTo(size: number): void {
    while (this.#size > size && this.#count > 0) {
      const at = (this.#head - this.#count + 1 + this.#entries.length) % this.#entries.length;
      const field = this.#entries[at] as HeaderField;
      this.#entries[at] = undefined;
      this.#size -= fieldSize(field.name, field.value);
      this.#onEvict?.(field, this.inserted - this.#count);
      this.#count--;
    }
  }

  #grow(): void {
    const grown = new Array<HeaderField | undefined>(this.#entries.length * 2);
    for (let index = 0; index < this.#count; index++) grown[this.#count - 1 - index] = this.at(index);
    this.#entries = grown;
    this.#head = this.#count - 1;
  }
}
