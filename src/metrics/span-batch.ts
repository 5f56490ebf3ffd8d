// Spans of traces on their way from the thread where they were taken: columns and a table of texts, since most of them say the same.

/** What an attribute is: a text by its place in the table, or a whole number from 0 on. */
export const ATTRIBUTE_TYPES = { text: 0, integer: 1 } as const;

/** As OTLP numbers them (opentelemetry/proto/trace/v1/trace.proto, Span.SpanKind and Status.StatusCode). */
export const SPAN_KINDS = { internal: 1, client: 3 } as const;
export const SPAN_STATUSES = { unset: 0, error: 2 } as const;

/** Words before the attributes of a span; three follow for each of these: place of the key, type, value. */
export const SPAN_WORDS = 13;

/**
 * Structured-cloneable. The words of a span: four of the trace's id, two of its own, two of its parent's (0 0: it has none), kind, status,
 * name, message of the status (places in the table), and how many attributes follow.
 */
export interface SpanBatch {
  readonly texts: readonly string[];
  readonly words: Uint32Array;
  /** Begin and end of each, in ms since the epoch. */
  readonly times: Float64Array;
  readonly count: number;
  /** Spans that were left out since there were too many at once. */
  readonly lost: number;
}

export function sizeOfSpans({ words, times, texts }: SpanBatch): number {
  return words.byteLength + times.byteLength + texts.reduce((sum, { length }) => sum + length, 0);
}
