// Traces of a load worker: one for each iteration, with its requests and calls as spans.
import { SPAN_KINDS, SPAN_STATUSES } from '../../metrics/span-batch.ts';
import type { Tracing } from '../../options/tracing-options.ts';
import type { SpanAttributes, SpanWriter } from './span-writer.ts';
import { CONTEXT_HEADERS, contextText, idText, makeId, type TraceContext } from './trace-context.ts';

/** How a span ended. */
export interface SpanEnd {
  readonly name: string;
  /** Ms since the epoch. */
  readonly begin: number;
  readonly end: number;
  /** null: nothing went wrong; else why, which may be empty. */
  readonly problem: string | null;
  readonly attributes: SpanAttributes;
}

export class Tracer {
  /** The header of a request, in canonical notation. */
  readonly header: string;
  readonly #tracing: Tracing;
  readonly #writer: SpanWriter | null;

  /** @param writer null: contexts are handed on, and nobody wants spans */
  constructor(tracing: Tracing, writer: SpanWriter | null) {
    this.header = CONTEXT_HEADERS[tracing.propagator];
    this.#tracing = tracing;
    this.#writer = writer;
  }

  begin(): IterationTrace {
    return new IterationTrace(this, this.#tracing.sampling > Math.random());
  }

  contextText(context: TraceContext, span: Uint32Array): string {
    return contextText(this.#tracing.propagator, context, span);
  }

  write(context: TraceContext, id: Uint32Array, parent: Uint32Array | null, end: SpanEnd): void {
    this.#writer?.add({
      trace: context.trace,
      id,
      parent,
      kind: parent === null ? SPAN_KINDS.internal : SPAN_KINDS.client,
      status: end.problem === null ? SPAN_STATUSES.unset : SPAN_STATUSES.error,
      name: end.name,
      message: end.problem ?? '',
      begin: end.begin,
      end: end.end,
      attributes: end.attributes,
    });
  }
}

/** The trace of an iteration, or of setup or teardown. */
export class IterationTrace implements TraceContext {
  readonly trace = makeId(4);
  readonly traceText = idText(this.trace);
  readonly isSampled: boolean;
  readonly #tracer: Tracer;
  readonly #root = makeId(2);

  constructor(tracer: Tracer, isSampled: boolean) {
    this.#tracer = tracer;
    this.isSampled = isSampled;
  }

  get header(): string {
    return this.#tracer.header;
  }

  /** A request begins. @param begin ms since the epoch */
  request(begin: number): RequestSpan {
    return new RequestSpan(this.#tracer, this, this.#root, begin);
  }

  /** The iteration is over. */
  end(end: SpanEnd): void {
    if (this.isSampled) this.#tracer.write(this, this.#root, null, end);
  }
}

export class RequestSpan {
  readonly begin: number;
  readonly #tracer: Tracer;
  readonly #context: TraceContext;
  readonly #parent: Uint32Array;
  readonly #id = makeId(2);

  constructor(tracer: Tracer, context: TraceContext, parent: Uint32Array, begin: number) {
    this.#tracer = tracer;
    this.#context = context;
    this.#parent = parent;
    this.begin = begin;
  }

  /** What the header or the metadata of the request says. */
  get text(): string {
    return this.#tracer.contextText(this.#context, this.#id);
  }

  get isSampled(): boolean {
    return this.#context.isSampled;
  }

  /** Only of a sampled one. */
  end(end: Omit<SpanEnd, 'begin'>): void {
    this.#tracer.write(this.#context, this.#id, this.#parent, { ...end, begin: this.begin });
  }
}
