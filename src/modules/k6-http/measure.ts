import type { BuiltInMetrics } from '../../metrics/built-in.ts';
import type { Metric } from '../../metrics/metric.ts';
import type { TagSet } from '../../metrics/tag-set.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { Timings } from '../../wire/net/timings.ts';

let rowOf: BuiltInMetrics | null = null;
let row: readonly Metric[] = [];
const values = new Float64Array(9);

/** The metrics of a request, `http_req_failed` last since it may be left out. */
function requestRow(metrics: BuiltInMetrics): readonly Metric[] {
  if (rowOf !== metrics) {
    rowOf = metrics;
    row = [
      metrics.http_reqs,
      metrics.http_req_duration,
      metrics.http_req_blocked,
      metrics.http_req_connecting,
      metrics.http_req_tls_handshaking,
      metrics.http_req_sending,
      metrics.http_req_waiting,
      metrics.http_req_receiving,
      metrics.http_req_failed,
    ];
  }
  return row;
}

/** The samples of one request. @param expected null: there is no response callback, so it can have failed neither */
export function emitRequest(
  environment: VuEnvironment,
  tags: TagSet,
  timings: Readonly<Timings>,
  expected: boolean | null,
): void {
  const { sending, waiting, receiving } = timings;
  values[0] = 1;
  values[1] = sending + waiting + receiving;
  values[2] = timings.blocked;
  values[3] = timings.connecting;
  values[4] = timings.tlsHandshaking;
  values[5] = sending;
  values[6] = waiting;
  values[7] = receiving;
  values[8] = expected === false ? 1 : 0;
  const metrics = requestRow(environment.metrics);
  environment.samples.addRow(metrics, tags, values, expected === null ? 8 : 9, environment.now());
}
