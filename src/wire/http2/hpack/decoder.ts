import { DynamicTable } from './dynamic-table.ts';
import { fieldSize, type HeaderField } from './header-field.ts';
import { HpackError } from './hpack-error.ts';
import { huffmanDecode } from './huffman.ts';
import { type DecodedBlock, isMemorable, recallBlock, rememberBlock } from './known-blocks.ts';
import { STATIC_LENGTH, STATIC_TABLE } from './static-table.ts';
import { TableHistory } from './table-history.ts';

export interface HpackDecoderOptions {
  /** What we announce as SETTINGS_HEADER_TABLE_SIZE. */
  maxTableSize: number;
  /** Octets of a decoded list, 32 per field included; what goes beyond is decoded and dropped. */
  maxListSize: number;
}

export type { DecodedBlock };

/** What only this connection can know again: blocks that refer to a table with a history of its own. */
interface Remembered {
  bytes: Uint8Array;
  generation: number;
  block: DecodedBlock;
}
const REMEMBERED = 4;
const REMEMBERED_LENGTH = 96;
const NOTHING: readonly HeaderField[] = [];

/** RFC 7541 decoder. Every block of a connection must pass through it, in order, also of streams that nobody waits for. */
export class HpackDecoder {
  readonly #table: DynamicTable;
  readonly #maxTableSize: number;
  readonly #maxListSize: number;
  readonly #remembered: Remembered[] = [];
  #oldest = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** Null: it is this connection's own. */
  #history: TableHistory | null;
  /** Of the block in progress: whether it has referred to the dynamic table, and what it has added. */
  #refers = false;
  #inserted: HeaderField[] = [];

  constructor(options: HpackDecoderOptions) {
    this.#maxTableSize = options.maxTableSize;
    this.#maxListSize = options.maxListSize;
    this.#table = new DynamicTable(options.maxTableSize);
    this.#history = TableHistory.ofSize(options.maxTableSize);
  }

  /** Octets in the dynamic table. */
  get tableSize(): number {
    return this.#table.size;
  }

  /** Decodes the whole block between two positions. @throws HpackError, after which the connection is of no use */
  decode(bytes: Uint8Array, start = 0, end = bytes.length): DecodedBlock {
    const known = recallBlock(bytes, start, end, this.#history);
    if (known !== null && known.size <= this.#maxListSize) {
      const { inserted } = known;
      if (inserted.length > 0) {
        for (let at = 0; at < inserted.length; at++) this.#table.insert(inserted[at] as HeaderField);
        if (this.#history !== null) this.#history = this.#history.after(known);
      }
      return known.block;
    }
    const own = this.#recall(bytes, start, end);
    if (own !== null) return own;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    const { generation } = this.#table;
    const maxSize = this.#table.maxSize;
    const fields: HeaderField[] = [];
    let size = 0;
    let begun = false;
    let resized = false;
    this.#refers = false;
    if (this.#inserted.length > 0) this.#inserted = [];
    while (this.#at < end) {
      const octet = bytes[this.#at]!;
      if ((octet & 0xe0) === 0x20) {
        if (begun) throw new HpackError('a table size update behind a field');
        this.#resize(this.#integer(5));
        resized = true;
        continue;
      }
      begun = true;
      const field = (octet & 0x80) !== 0 ? this.#field(this.#integer(7)) : this.#literal((octet & 0x40) !== 0);
      size += fieldSize(field.name, field.value);
      if (size <= this.#maxListSize) fields.push(field);
    }
    const block: DecodedBlock = { fields, tooLarge: size > this.#maxListSize, derived: undefined };
    if (resized) this.#history = null;
    else if (!block.tooLarge && (!this.#refers || this.#history !== null) && isMemorable(end - start)) {
      const learnt = {
        bytes: new Uint8Array(bytes.subarray(start, end)),
        history: this.#refers ? this.#history : null,
        block,
        size,
        inserted: this.#inserted.length > 0 ? this.#inserted : NOTHING,
      };
      rememberBlock(learnt);
      if (this.#inserted.length > 0 && this.#history !== null) this.#history = this.#history.after(learnt);
    } else if (this.#inserted.length > 0) this.#history = null;
    // Also what others may know: those with another history have the same place for it.
    if (this.#refers && generation === this.#table.generation && maxSize === this.#table.maxSize)
      this.#remember(bytes, start, end, block);
    return block;
  }

  #recall(bytes: Uint8Array, start: number, end: number): DecodedBlock | null {
    const length = end - start;
    const { generation } = this.#table;
    for (const known of this.#remembered) {
      if (known.bytes.length !== length || known.generation !== generation) continue;
      let same = 0;
      while (same < length && known.bytes[same] === bytes[start + same]) same++;
      if (same === length) return known.block;
    }
    return null;
  }

  #remember(bytes: Uint8Array, start: number, end: number, block: DecodedBlock): void {
    if (end - start > REMEMBERED_LENGTH || block.tooLarge) return;
    this.#remembered[this.#oldest] = {
      bytes: new Uint8Array(bytes.subarray(start, end)),
      generation: this.#table.generation,
      block,
    };
    this.#oldest = (this.#oldest + 1) % REMEMBERED;
  }

  #resize(size: number): void {
    if (size > this.#maxTableSize)
      throw new HpackError(`a table size of ${size}, over the announced ${this.#maxTableSize}`);
    this.#table.resize(size);
  }

  #field(index: number): HeaderField {
    if (index > STATIC_LENGTH) this.#refers = true;
    const field = index <= STATIC_LENGTH ? STATIC_TABLE[index - 1] : this.#table.at(index - STATIC_LENGTH - 1);
    if (field === undefined) throw new HpackError(`index ${index} is not in the tables`);
    return field;
  }

  #literal(indexed: boolean): HeaderField {
    const index = this.#integer(indexed ? 6 : 4);
    const name = index === 0 ? this.#string() : this.#field(index).name;
    const field = { name, value: this.#string() };
    if (indexed) {
      this.#table.insert(field);
      this.#inserted.push(field);
    }
    return field;
  }

  #string(): string {
    if (this.#at >= this.#end) throw new HpackError('the block ends inside a field');
    const huffman = (this.#bytes[this.#at]! & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#at;
    const end = start + length;
    if (end > this.#end) throw new HpackError('a string is longer than its block');
    this.#at = end;
    if (huffman) return huffmanDecode(this.#bytes, start, end);
    return asBuffer(this.#bytes).toString('latin1', start, end);
  }

  /** RFC 7541 section 5.1; values over 28 bits are refused, so that nothing overflows. */
  #integer(prefixBits: number): number {
    const most = (1 << prefixBits) - 1;
    let value = this.#bytes[this.#at++]! & most;
    if (value < most) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      if (this.#at >= this.#end) throw new HpackError('the block ends inside an integer');
      const octet = this.#bytes[this.#at++]!;
      value += (octet & 0x7f) << shift;
      if ((octet & 0x80) === 0) return value;
    }
    throw new HpackError('an integer is too long');
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
