// Ids of traces and spans, and how a request carries them (W3C Trace Context, "traceparent Header"; Jaeger, "Propagation Format").
import type { Propagator } from '../../options/tracing-options.ts';

export interface TraceContext {
  /** Four words. */
  readonly trace: Uint32Array;
  readonly traceText: string;
  readonly isSampled: boolean;
}

/** They have to differ, and need not be hard to guess. Never all zero. @param words how many of 32 bits */
export function makeId(words: number): Uint32Array {
  const id = new Uint32Array(words);
  for (let index = 0; index < words; index++) id[index] = Math.random() * 0x1_0000_0000;
  id[0] ||= 1;
  return id;
}

export function idText(id: Uint32Array): string {
  let text = '';
  for (const word of id) text += word.toString(16).padStart(8, '0');
  return text;
}

/** What the header is called in canonical notation. */
export const CONTEXT_HEADERS = { w3c: 'Traceparent', jaeger: 'Uber-Trace-Id' } as const satisfies Record<
  Propagator,
  string
>;

/** @param span the id of the span that the receiver's spans belong to */
export function contextText(propagator: Propagator, { traceText, isSampled }: TraceContext, span: Uint32Array): string {
  switch (propagator) {
    case 'w3c':
      return `00-${traceText}-${idText(span)}-${isSampled ? '01' : '00'}`;
    case 'jaeger':
      return `${traceText}:${idText(span)}:0:${isSampled ? '1' : '0'}`;
  }
}
