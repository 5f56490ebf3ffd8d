// The option `tracing`: whether requests carry a trace context, and in whose notation.
import type { JsonReader } from './json-reader.ts';
import type { ValueForm } from './value-forms.ts';

/** Notations of a trace context: W3C Trace Context, and the headers of Jaeger's clients (names as in k6's http-instrumentation-tempo). */
const PROPAGATORS = ['w3c', 'jaeger'] as const;
export type Propagator = (typeof PROPAGATORS)[number];

/** The option as far as it was set. */
export interface TracingSettings {
  readonly propagator: Propagator | null;
  readonly sampling: number | null;
}

/** The option with its defaults. */
export interface Tracing {
  readonly propagator: Propagator;
  /** Share of the iterations whose traces are to be kept, 0 to 1; the others carry a context that says so. */
  readonly sampling: number;
}

export const DEFAULT_TRACING: Tracing = { propagator: 'w3c', sampling: 1 };
const NOTHING_SET: TracingSettings = { propagator: null, sampling: null };

/** In text `propagator=w3c,sampling=0.1`. */
export const TRACING: ValueForm<TracingSettings> = {
  fromJson: readTracing,
  fromText: parseTracingText,
  show: (settings) => resolveTracing(settings),
};

function readTracing(reader: JsonReader): TracingSettings {
  if (typeof reader.value === 'string') return parseTracingText(reader.value);
  reader.ignoreOthers(['propagator', 'sampling']);
  const [propagator, sampling] = ['propagator', 'sampling'].map((key) => reader.field(key));
  return {
    propagator: propagator.missing ? null : propagator.readChoice(PROPAGATORS),
    sampling: sampling.missing ? null : readShare(sampling),
  };
}

/** @throws Error */
function parseTracingText(text: string): TracingSettings {
  let out = NOTHING_SET;
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [key = '', ...values] = part.split('=').map((one) => one.trim());
    const value = values.join('=');
    if (key === 'propagator') {
      const propagator = PROPAGATORS.find((one) => one === value);
      if (propagator === undefined) throw new Error(`tracing: propagator must be one of ${PROPAGATORS.join(', ')}`);
      out = { ...out, propagator };
    } else if (key === 'sampling') out = { ...out, sampling: checkShare(value === '' ? Number.NaN : Number(value)) };
    else
      throw new Error(`tracing has no "${key}": it takes propagator and sampling, as in propagator=w3c,sampling=0.1`);
  }
  return out;
}

function readShare(reader: JsonReader): number {
  return typeof reader.value === 'number' ? checkShare(reader.value) : reader.fail('a share from 0 to 1');
}

function checkShare(share: number): number {
  if (!(share >= 0 && share <= 1)) throw new Error(`tracing: sampling must be a share from 0 to 1, such as 0.1`);
  return share;
}

/** Lays what a higher source set over what a lower one did, field by field. */
export function mergeTracing(lower: TracingSettings, higher: TracingSettings): TracingSettings {
  return { propagator: higher.propagator ?? lower.propagator, sampling: higher.sampling ?? lower.sampling };
}

export function resolveTracing({ propagator, sampling }: TracingSettings): Tracing {
  return { propagator: propagator ?? DEFAULT_TRACING.propagator, sampling: sampling ?? DEFAULT_TRACING.sampling };
}
