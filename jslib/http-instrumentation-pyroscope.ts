// Labels of profiles, as k6's users have them from https://jslib.k6.io/http-instrumentation-pyroscope/
// (https://grafana.com/docs/k6/latest/javascript-api/jslib/http-instrumentation-pyroscope/).
import exec from 'k6/execution';
import { type Instrumented, InstrumentedClient, instrument, replaceHttp } from './instrumentation/trace-headers';

/** Of each process of a test: k6 takes it from its cloud. */
const testRunId = typeof __ENV['K6_CLOUDRUN_TEST_RUN_ID'] === 'string' ? __ENV['K6_CLOUDRUN_TEST_RUN_ID'] : null;

/** https://www.w3.org/TR/baggage/ */
function baggage(): string {
  const { tags } = exec.vu.metrics;
  const members: Record<string, unknown> = {
    'k6.test_run_id': testRunId,
    'k6.scenario': tags['scenario'],
    'k6.name': tags['name'],
    'k6.group': tags['group'],
  };
  return Object.entries(members)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join(',');
}

const create = (): Instrumented => instrument(() => ({ metadata: {}, headers: () => ({ baggage: baggage() }) }));

/** From now on each request of k6/http says in the header `baggage` which scenario and group it belongs to. Belongs into init code. */
export function instrumentHTTP(): void {
  replaceHttp(create());
}

/** Functions of k6/http whose requests say so; those of k6/http itself stay as they are. */
export class Client extends InstrumentedClient {
  constructor() {
    super(create());
  }
}

export default { Client, instrumentHTTP };
