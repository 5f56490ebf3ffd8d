import { DynamicTable } from './dynamic-table.ts';
import { fieldSize, type HeaderField } from './header-field.ts';
import { huffmanEncode, huffmanLength } from './huffman.ts';
import { STATIC_FIELDS, STATIC_LENGTH, STATIC_NAMES } from './static-table.ts';
import { TableHistory } from './table-history.ts';

/** A larger table of the peer's is not used: it would cost memory on both sides for every connection. */
const MAX_ENCODER_TABLE = 4096;

/** Secret, or different with every request: never worth a place in the table. */
const NEVER_INDEXED = new Set([
  'authorization',
  'proxy-authorization',
  'grpc-timeout',
  'content-length',
  'traceparent',
]);
const SENSITIVE = new Set(['authorization', 'proxy-authorization']);
/** A name that has come with so many values is taken to differ from request to request. */
const MAX_VALUES_OF_NAME = 8;

/** What a block is for tables with a history; or, where that is null, for the table of one encoder as it was. */
interface EncodedForm {
  readonly bytes: Uint8Array;
  readonly history: TableHistory | null;
  readonly encoder: HpackEncoder | null;
  readonly generation: number;
  /** What it adds to the table. */
  readonly inserted: readonly HeaderField[];
}

const NOTHING: readonly HeaderField[] = [];

/** A list of fields to send, and its encoded form where it is sent again and again. */
export class HeaderBlock {
  readonly fields: readonly HeaderField[];
  /** Most octets that encoding it can take. */
  readonly maxLength: number;
  /** @internal The form in which it was encoded last, and for which table. */
  encoded: EncodedForm | null = null;

  /** Whether it is sent more than once: then its encoded form is kept. */
  readonly isKept: boolean;

  constructor(fields: readonly HeaderField[], isKept = true) {
    this.fields = fields;
    this.isKept = isKept;
    // Two size updates, and for each field three integers of at most six octets.
    let length = 12;
    for (const field of fields) length += field.name.length + field.value.length + 18;
    this.maxLength = length;
  }

  /** As MAX_HEADER_LIST_SIZE counts. */
  get listSize(): number {
    return this.fields.reduce((sum, field) => sum + fieldSize(field.name, field.value), 0);
  }
}

/** RFC 7541 encoder. Blocks must be sent in the order in which they were encoded. */
export class HpackEncoder {
  readonly #table: DynamicTable;
  /** Sequence numbers of the entries, by name and value. */
  readonly #fields = new Map<string, Map<string, number>>();
  readonly #valuesOfName = new Map<string, number>();
  /** The lowest size since the last block, and the one that holds now; -1 when no update is due. */
  #lowestSize = -1;
  #nextSize = -1;
  /** Null: it is this connection's own. */
  #history: TableHistory | null;
  /** What the block in progress has added to the table. */
  #inserted: HeaderField[] = [];

  constructor(maxTableSize = MAX_ENCODER_TABLE) {
    this.#table = new DynamicTable(Math.min(maxTableSize, MAX_ENCODER_TABLE), (field, sequence) =>
      this.#forget(field, sequence),
    );
    this.#history = TableHistory.ofSize(this.#table.maxSize);
  }

  /** Octets in the dynamic table. */
  get tableSize(): number {
    return this.#table.size;
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE; told to it at the start of the next block (RFC 7541 section 4.2). */
  setMaxTableSize(size: number): void {
    const capped = Math.min(size, MAX_ENCODER_TABLE);
    if (this.#nextSize < 0 && capped === this.#table.maxSize) return;
    this.#lowestSize = this.#lowestSize < 0 ? capped : Math.min(this.#lowestSize, capped);
    this.#nextSize = capped;
  }

  /** Writes a block; `out` must have room for its `maxLength`. @returns the position behind it */
  encode(block: HeaderBlock, out: Uint8Array, at: number): number {
    const table = this.#table;
    const known = block.encoded;
    if (known !== null && this.#nextSize < 0 && this.#isOf(known)) {
      const { bytes, inserted } = known;
      out.set(bytes, at);
      if (inserted.length > 0) {
        for (const field of inserted) {
          this.#valuesOfName.set(field.name, (this.#valuesOfName.get(field.name) ?? 0) + 1);
          this.#insert(field);
        }
        if (this.#history !== null) this.#history = this.#history.after(block);
      }
      return at + bytes.length;
    }
    let end = at;
    if (this.#nextSize >= 0) {
      end = this.#writeSizeUpdates(out, at);
      this.#history = null;
    }
    const start = end;
    const { generation } = table;
    const { fields } = block;
    if (this.#inserted.length > 0) this.#inserted = [];
    for (let index = 0; index < fields.length; index++) end = this.#writeField(fields[index] as HeaderField, out, end);
    const inserted = this.#inserted.length > 0 ? this.#inserted : NOTHING;
    if (block.isKept && (this.#history !== null || inserted.length === 0)) {
      block.encoded = {
        // A copy: the slice of a Buffer would share the output's memory, and change with it.
        bytes: new Uint8Array(out.subarray(start, end)),
        history: this.#history,
        encoder: this.#history === null ? this : null,
        generation,
        inserted,
      };
    }
    if (inserted.length > 0 && this.#history !== null) this.#history = block.isKept ? this.#history.after(block) : null;
    return end;
  }

  /** Whether a form holds for the table as it is. */
  #isOf(form: EncodedForm): boolean {
    return form.history === null
      ? form.encoder === this && form.generation === this.#table.generation
      : form.history === this.#history;
  }

  #writeSizeUpdates(out: Uint8Array, at: number): number {
    let end = at;
    if (this.#lowestSize < this.#nextSize) {
      this.#table.resize(this.#lowestSize);
      end = writeInteger(out, end, 0x20, 5, this.#lowestSize);
    }
    this.#table.resize(this.#nextSize);
    end = writeInteger(out, end, 0x20, 5, this.#nextSize);
    this.#lowestSize = -1;
    this.#nextSize = -1;
    return end;
  }

  #writeField(field: HeaderField, out: Uint8Array, at: number): number {
    const { name, value } = field;
    const whole = STATIC_FIELDS.get(name)?.get(value);
    if (whole !== undefined) return writeInteger(out, at, 0x80, 7, whole);
    const values = this.#fields.get(name);
    const sequence = values?.get(value);
    if (sequence !== undefined) return writeInteger(out, at, 0x80, 7, this.#indexOf(sequence));
    let nameIndex = STATIC_NAMES.get(name) ?? 0;
    if (nameIndex === 0 && values !== undefined && values.size > 0)
      nameIndex = this.#indexOf(values.values().next().value as number);
    if (!this.#isWorthIndexing(name, value)) {
      const end = writeInteger(out, at, SENSITIVE.has(name) ? 0x10 : 0, 4, nameIndex);
      return writeString(out, nameIndex === 0 ? writeString(out, end, name) : end, value);
    }
    let end = writeInteger(out, at, 0x40, 6, nameIndex);
    if (nameIndex === 0) end = writeString(out, end, name);
    end = writeString(out, end, value);
    this.#inserted.push(field);
    this.#insert(field);
    return end;
  }

  #indexOf(sequence: number): number {
    return STATIC_LENGTH + this.#table.inserted - sequence;
  }

  #isWorthIndexing(name: string, value: string): boolean {
    // An entry that would drive out most others costs more than it saves.
    if (NEVER_INDEXED.has(name) || fieldSize(name, value) > this.#table.maxSize >>> 1) return false;
    const seen = this.#valuesOfName.get(name) ?? 0;
    if (seen >= MAX_VALUES_OF_NAME) return false;
    if (seen > 0 || this.#valuesOfName.size < 256) this.#valuesOfName.set(name, seen + 1);
    return true;
  }

  #insert(field: HeaderField): void {
    this.#table.insert(field);
    let values = this.#fields.get(field.name);
    if (values === undefined) this.#fields.set(field.name, (values = new Map()));
    values.set(field.value, this.#table.inserted - 1);
  }

  #forget(field: HeaderField, sequence: number): void {
    const values = this.#fields.get(field.name);
    if (values?.get(field.value) !== sequence) return;
    values.delete(field.value);
    if (values.size === 0) this.#fields.delete(field.name);
  }
}

function writeInteger(out: Uint8Array, at: number, flags: number, prefixBits: number, value: number): number {
  const most = (1 << prefixBits) - 1;
  if (value < most) {
    out[at] = flags | value;
    return at + 1;
  }
  let end = at;
  out[end++] = flags | most;
  let rest = value - most;
  while (rest >= 0x80) {
    out[end++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  out[end++] = rest;
  return end;
}

function writeString(out: Uint8Array, at: number, text: string): number {
  const coded = huffmanLength(text);
  if (coded < text.length) return huffmanEncode(text, out, writeInteger(out, at, 0x80, 7, coded));
  let end = writeInteger(out, at, 0, 7, text.length);
  for (let index = 0; index < text.length; index++) out[end++] = text.charCodeAt(index);
  return end;
}
