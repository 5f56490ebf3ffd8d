// Reports as octets: a version, the strings as JSON, then each series in a few octets – numbers as varints, buckets by the gaps between them.
import type { FailureNote, SeriesDescription } from '../sample-batch.ts';
import type { SeriesDelta } from '../sinks/series-delta.ts';
import type { SampleReport } from './sample-report.ts';

const VERSION = 1;
const TYPES = ['counter', 'gauge', 'rate', 'trend'] as const;
/** The octet before a delta: its type, and for trends whether the values themselves follow. */
const WITH_VALUES = 4;

const FIRST_CAPACITY = 4096;

class OctetWriter {
  #octets = new Uint8Array(FIRST_CAPACITY);
  #view = new DataView(this.#octets.buffer);
  #length = 0;

  #reserve(octets: number): void {
    if (this.#length + octets <= this.#octets.length) return;
    const larger = new Uint8Array(Math.max(this.#octets.length * 2, this.#length + octets));
    larger.set(this.#octets);
    this.#octets = larger;
    this.#view = new DataView(larger.buffer);
  }

  octet(value: number): void {
    this.#reserve(1);
    this.#octets[this.#length++] = value;
  }

  /** @param value a whole number from 0 on */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 128) {
      this.#octets[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#octets[this.#length++] = rest;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#reserve(value.length);
    this.#octets.set(value, this.#length);
    this.#length += value.length;
  }

  finish(): Uint8Array {
    return this.#octets.slice(0, this.#length);
  }
}

class OctetReader {
  readonly #octets: Uint8Array;
  readonly #view: DataView;
  #place = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  }

  #advance(octets: number): number {
    const place = this.#place;
    if (place + octets > this.#octets.length) throw new Error('a report of samples ends in the middle');
    this.#place = place + octets;
    return place;
  }

  octet(): number {
    return this.#octets[this.#advance(1)];
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const octet = this.octet();
      value += (octet & 127) * scale;
      if (octet < 128) return value;
    }
  }

  double(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  bytes(): Uint8Array {
    const length = this.varint();
    const place = this.#advance(length);
    return this.#octets.subarray(place, place + length);
  }
}

/** @returns the report as {@link decodeReport} reads it */
export function encodeReport({ series, deltas, notes, timeMs }: SampleReport): Uint8Array {
  const writer = new OctetWriter();
  writer.octet(VERSION);
  writer.double(timeMs);
  writer.bytes(new TextEncoder().encode(JSON.stringify([series, notes])));
  writer.varint(deltas.length);
  for (const { id, delta } of deltas) {
    writer.varint(id);
    writeDelta(writer, delta);
  }
  return writer.finish();
}

/** @throws Error for octets that are no report of this version */
export function decodeReport(octets: Uint8Array): SampleReport {
  const reader = new OctetReader(octets);
  const version = reader.octet();
  if (version !== VERSION)
    throw new Error(`a report of samples is of version ${version}, and this program reads version ${VERSION}`);
  const timeMs = reader.double();
  const [series, notes] = JSON.parse(new TextDecoder().decode(reader.bytes())) as [SeriesDescription[], FailureNote[]];
  const deltas = Array.from({ length: reader.varint() }, () => ({ id: reader.varint(), delta: readDelta(reader) }));
  return { series, deltas, notes, timeMs };
}

function writeDelta(writer: OctetWriter, delta: SeriesDelta): void {
  const hasValues = delta.type === 'trend' && delta.values !== null;
  writer.octet(TYPES.indexOf(delta.type) + (hasValues ? WITH_VALUES : 0));
  writer.varint(delta.count);
  switch (delta.type) {
    case 'counter':
      writer.double(delta.sum);
      return;
    case 'rate':
      writer.varint(delta.passes);
      return;
    case 'gauge':
      for (const value of [delta.last, delta.min, delta.max, delta.timeMs]) writer.double(value);
      return;
    case 'trend':
      for (const value of [delta.sum, delta.min, delta.max]) writer.double(value);
      if (delta.values !== null) {
        for (const value of delta.values) writer.double(value);
        return;
      }
      writer.varint(delta.zeros);
      writePairs(writer, delta.positive);
      writePairs(writer, delta.negative);
  }
}

function readDelta(reader: OctetReader): SeriesDelta {
  const kind = reader.octet();
  const count = reader.varint();
  switch (TYPES[kind & (WITH_VALUES - 1)]) {
    case 'counter':
      return { type: 'counter', count, sum: reader.double() };
    case 'rate':
      return { type: 'rate', count, passes: reader.varint() };
    case 'gauge': {
      const [last, min, max, timeMs] = [reader.double(), reader.double(), reader.double(), reader.double()];
      return { type: 'gauge', count, last, min, max, timeMs };
    }
    case 'trend': {
      const trend = { type: 'trend', count, sum: reader.double(), min: reader.double(), max: reader.double() } as const;
      if ((kind & WITH_VALUES) !== 0) {
        const values = Array.from({ length: count }, () => reader.double());
        return { ...trend, values, positive: [], negative: [], zeros: 0 };
      }
      const zeros = reader.varint();
      return { ...trend, values: null, zeros, positive: readPairs(reader), negative: readPairs(reader) };
    }
  }
}

function writePairs(writer: OctetWriter, pairs: readonly number[]): void {
  writer.varint(pairs.length / 2);
  let last = 0;
  for (let index = 0; index < pairs.length; index += 2) {
    writer.varint(pairs[index] - last);
    writer.varint(pairs[index + 1]);
    last = pairs[index];
  }
}

function readPairs(reader: OctetReader): number[] {
  const pairs: number[] = [];
  let bucket = 0;
  for (let left = reader.varint(); left > 0; left--) {
    bucket += reader.varint();
    pairs.push(bucket, reader.varint());
  }
  return pairs;
}
