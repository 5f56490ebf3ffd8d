// ExportTraceServiceRequest of OTLP 1 (opentelemetry/proto/trace/v1/trace.proto), by the numbers of its fields.
import { ATTRIBUTE_TYPES, SPAN_WORDS, type SpanBatch } from '../../metrics/span-batch.ts';
import { VERSION } from '../../options/package-version.ts';
import { ProtobufWriter } from '../protobuf-writer.ts';
import { writeAttribute, writeResource } from './otlp-fields.ts';

/** What k6 calls itself in OTLP. */
const SERVICE = 'k6';

export class TracesRequest {
  /** Spans one behind the other, each with its tag: what the message of the scope has of them. */
  readonly #spans = new ProtobufWriter();
  readonly #writer = new ProtobufWriter();
  count = 0;

  /** In octets, about. */
  get size(): number {
    return this.#spans.length;
  }

  /**
   * @param index of the span in the batch
   * @param at where its words begin
   * @returns where those of the next one begin
   */
  add({ words, times, texts }: SpanBatch, index: number, at: number): number {
    const writer = this.#spans;
    const attributes = words[at + 12];
    this.count++;
    writer.message(2, () => {
      writer.bytes(1, idOctets(words, at, 4));
      writer.bytes(2, idOctets(words, at + 4, 2));
      if (words[at + 6] !== 0 || words[at + 7] !== 0) writer.bytes(4, idOctets(words, at + 6, 2));
      writer.text(5, texts[words[at + 10]]);
      writer.integer(6, words[at + 8]);
      writer.fixed64(7, toNanoseconds(times[index * 2]));
      writer.fixed64(8, toNanoseconds(times[index * 2 + 1]));
      for (let place = 0; place < attributes; place++) {
        const from = at + SPAN_WORDS + place * 3;
        const value = words[from + 2];
        writeAttribute(writer, 9, texts[words[from]], words[from + 1] === ATTRIBUTE_TYPES.text ? texts[value] : value);
      }
      if (words[at + 9] !== 0)
        writer.message(15, () => {
          writer.text(2, texts[words[at + 11]]);
          writer.integer(3, words[at + 9]);
        });
    });
    return at + SPAN_WORDS + attributes * 3;
  }

  /** @returns the request with what was added since the last time */
  finish(): Buffer {
    const spans = this.#spans.finish();
    this.count = 0;
    const writer = this.#writer;
    writer.message(1, () => {
      writeResource(writer, SERVICE, VERSION);
      writer.message(2, () => {
        writer.message(1, () => writer.text(1, SERVICE));
        writer.raw(spans);
      });
    });
    return writer.finish();
  }
}

function idOctets(words: Uint32Array, from: number, count: number): Buffer {
  const octets = Buffer.allocUnsafe(count * 4);
  for (let index = 0; index < count; index++) octets.writeUInt32BE(words[from + index], index * 4);
  return octets;
}

function toNanoseconds(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
}
