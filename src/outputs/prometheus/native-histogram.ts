// A native histogram of Prometheus (prometheus/prompb/types.proto, message Histogram): spans of buckets that are used, each count as the
// difference to the one before.
import type { Buckets, ExponentialHistogram } from '../exponential-histogram.ts';
import type { ProtobufWriter } from '../protobuf-writer.ts';
import { STALE_NAN } from './stale-nan.ts';

/** Prometheus' own: 2^-128. */
const ZERO_THRESHOLD = 2 ** -128;
/** Empty buckets in a row that cost less than a span of its own. */
const LEAST_GAP = 3;

interface Span {
  /** From the end of the span before; of the first one the number of its first bucket. */
  readonly offset: number;
  length: number;
}

/** @returns spans and the counts of their buckets, of which a few may be 0 */
function layOut(buckets: Buckets): { readonly spans: readonly Span[]; readonly counts: readonly number[] } {
  const spans: Span[] = [];
  const counts: number[] = [];
  let end = 0;
  for (const index of [...buckets.keys()].sort((a, b) => a - b)) {
    // Prometheus numbers a bucket by its upper bound.
    const bucket = index + 1;
    const gap = bucket - end;
    const span = spans.at(-1);
    if (span === undefined || gap >= LEAST_GAP) spans.push({ offset: gap, length: 1 });
    else {
      for (let empty = 0; empty < gap; empty++) counts.push(0);
      span.length += gap + 1;
    }
    counts.push(buckets.get(index)!);
    end = bucket + 1;
  }
  return { spans, counts };
}

function toDeltas(counts: readonly number[]): number[] {
  return counts.map((count, place) => count - (place === 0 ? 0 : counts[place - 1]!));
}

/** Writes the fields of one histogram. @param ends whether the series ends here */
export function writeHistogram(
  writer: ProtobufWriter,
  histogram: ExponentialHistogram,
  now: number,
  ends: boolean,
): void {
  if (ends) {
    writer.integer(1, 0);
    writer.fixed64(3, STALE_NAN);
  } else {
    writer.integer(1, histogram.count);
    writer.double(3, histogram.sum);
    writer.signed(4, histogram.scale);
    writer.double(5, ZERO_THRESHOLD);
    writer.integer(6, histogram.zeros);
    for (const [spansField, deltasField, buckets] of [
      [8, 9, histogram.negative],
      [11, 12, histogram.positive],
    ] as const) {
      const { spans, counts } = layOut(buckets);
      for (const { offset, length } of spans) {
        writer.message(spansField, () => {
          writer.signed(1, offset);
          writer.integer(2, length);
        });
      }
      if (counts.length > 0) writer.packedSigned(deltasField, toDeltas(counts));
    }
  }
  writer.integer(15, now);
}
