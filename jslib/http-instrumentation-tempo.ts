// Traces of requests, as k6's users have them from https://jslib.k6.io/http-instrumentation-tempo/
// (https://grafana.com/docs/k6/latest/javascript-api/jslib/http-instrumentation-tempo/).
import { type Instrumented, InstrumentedClient, instrument, replaceHttp } from './instrumentation/trace-headers';

export interface TempoOptions {
  /** `w3c`: traceparent (https://www.w3.org/TR/trace-context/); `jaeger`: uber-trace-id (https://www.jaegertracing.io/docs/1.76/client-libraries/). */
  propagator: 'w3c' | 'jaeger';
  /** Which part of the traces is to be recorded, from 0 to 1; all unless given. */
  sampling?: number;
}

/** Random digits of base 16; never all 0, which both forms forbid. */
function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  values[0] ||= 1;
  return Array.from(values, (value) => value.toString(16).padStart(2, '0')).join('');
}

function createTracer({ propagator, sampling = 1 }: TempoOptions): Instrumented {
  if (propagator !== 'w3c' && propagator !== 'jaeger')
    throw new Error(`unknown propagator ${JSON.stringify(propagator)}: there are 'w3c' and 'jaeger'`);
  if (!(sampling >= 0 && sampling <= 1)) throw new Error(`sampling is a number from 0 to 1, not ${sampling}`);
  return instrument(() => {
    const trace = randomHex(16);
    const sampled = Math.random() < sampling;
    return {
      metadata: { trace_id: trace },
      headers: (): Record<string, string> =>
        propagator === 'w3c'
          ? { traceparent: `00-${trace}-${randomHex(8)}-${sampled ? '01' : '00'}` }
          : { 'uber-trace-id': `${trace}:${randomHex(8)}:0:${sampled ? 1 : 0}` },
    };
  });
}

/**
 * From now on each request of k6/http begins a trace, and its samples have the metadata `trace_id`. Belongs into init code.
 * @throws Error for options that are none
 */
export function instrumentHTTP(options: TempoOptions): void {
  replaceHttp(createTracer(options));
}

/** Functions of k6/http whose requests begin a trace each; those of k6/http itself stay as they are. */
export class Client extends InstrumentedClient {
  constructor(options: TempoOptions) {
    super(createTracer(options));
  }
  /** With other options from now on. */
  configure(options: TempoOptions): void {
    Object.assign(this, createTracer(options));
  }
}

export default { Client, instrumentHTTP };
