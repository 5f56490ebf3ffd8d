// The metrics that exist without the script's doing (k6 page "Built-in metrics"), and those that only Sixfold has.
import type { Metric, MetricContains, MetricType } from './metric.ts';
import type { MetricRegistry } from './metric-registry.ts';

type Kind = readonly [MetricType, MetricContains?];

/** Type and contents by name, k6's own first. */
export const BUILT_IN = {
  vus: ['gauge'],
  vus_max: ['gauge'],
  iterations: ['counter'],
  iteration_duration: ['trend', 'time'],
  dropped_iterations: ['counter'],
  checks: ['rate'],
  group_duration: ['trend', 'time'],
  http_reqs: ['counter'],
  http_req_failed: ['rate'],
  http_req_duration: ['trend', 'time'],
  http_req_blocked: ['trend', 'time'],
  http_req_connecting: ['trend', 'time'],
  http_req_tls_handshaking: ['trend', 'time'],
  http_req_sending: ['trend', 'time'],
  http_req_waiting: ['trend', 'time'],
  http_req_receiving: ['trend', 'time'],
  ws_sessions: ['counter'],
  ws_msgs_sent: ['counter'],
  ws_msgs_received: ['counter'],
  ws_ping: ['trend', 'time'],
  ws_session_duration: ['trend', 'time'],
  ws_connecting: ['trend', 'time'],
  ws_failures: ['counter'],
  grpc_req_duration: ['trend', 'time'],
  grpc_streams: ['counter'],
  grpc_streams_msgs_sent: ['counter'],
  grpc_streams_msgs_received: ['counter'],
  data_sent: ['counter', 'data'],
  data_received: ['counter', 'data'],
  browser_data_sent: ['counter', 'data'],
  browser_data_received: ['counter', 'data'],
  browser_http_req_duration: ['trend', 'time'],
  browser_http_req_failed: ['rate'],
  browser_web_vital_ttfb: ['trend', 'time'],
  browser_web_vital_fcp: ['trend', 'time'],
  browser_web_vital_lcp: ['trend', 'time'],
  browser_web_vital_inp: ['trend', 'time'],
  browser_web_vital_cls: ['trend'],
  grpc_reqs: ['counter'],
  grpc_req_failed: ['rate'],
  grpc_connecting: ['trend', 'time'],
  grpc_tls_handshaking: ['trend', 'time'],
  redis_reqs: ['counter'],
  redis_req_failed: ['rate'],
  redis_req_duration: ['trend', 'time'],
  redis_connecting: ['trend', 'time'],
  sql_queries: ['counter'],
  sql_query_failed: ['rate'],
  sql_query_duration: ['trend', 'time'],
  sql_connecting: ['trend', 'time'],
  /** How long after its intended start an iteration of an arrival-rate executor began. */
  iteration_start_delay: ['trend', 'time'],
  /** What such an iteration took from its intended start: a generator or a server that stalls cannot hide in it. */
  generator_iteration_duration: ['trend', 'time'],
} as const satisfies Readonly<Record<string, Kind>>;

export type BuiltInName = keyof typeof BUILT_IN;

export type BuiltInMetrics = { readonly [Name in BuiltInName]: Metric };

/**
 * Iterations that failed, as a share of those that ended. Its samples are those that failed only: of the whole the samples of
 * `iterations` tell, so that a test in which nothing fails has no sample more than in k6.
 */
export const FAILED_ITERATIONS = 'iterations_failed';

/**
 * Defines {@link FAILED_ITERATIONS} once the script's own metrics are known.
 * @returns null where the script has a metric of that name, which goes before
 */
export function registerFailedIterations(registry: MetricRegistry): Metric | null {
  return registry.get(FAILED_ITERATIONS) === undefined ? registry.define(FAILED_ITERATIONS, 'rate') : null;
}

/** Defines the built-in metrics. @returns them by name */
export function registerBuiltIns(registry: MetricRegistry): BuiltInMetrics {
  const metrics: Partial<Record<BuiltInName, Metric>> = {};
  for (const name of Object.keys(BUILT_IN) as BuiltInName[]) {
    const [type, contains] = BUILT_IN[name] as Kind;
    metrics[name] = registry.define(name, type, contains);
  }
  return metrics as BuiltInMetrics;
}
