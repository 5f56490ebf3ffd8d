// The metrics that every test has (k6 page "Built-in metrics"), and ours beside them.
import type { Metric, MetricContains, MetricType } from './metric.ts';
import type { MetricRegistry } from './metric-registry.ts';

/** Type and unit by name. */
export const BUILT_IN = {
  vus: ['gauge', 'default'],
  vus_max: ['gauge', 'default'],
  iterations: ['counter', 'default'],
  iteration_duration: ['trend', 'time'],
  dropped_iterations: ['counter', 'default'],
  checks: ['rate', 'default'],
  group_duration: ['trend', 'time'],
  data_sent: ['counter', 'data'],
  data_received: ['counter', 'data'],
  http_reqs: ['counter', 'default'],
  http_req_failed: ['rate', 'default'],
  http_req_duration: ['trend', 'time'],
  http_req_blocked: ['trend', 'time'],
  http_req_connecting: ['trend', 'time'],
  http_req_tls_handshaking: ['trend', 'time'],
  http_req_sending: ['trend', 'time'],
  http_req_waiting: ['trend', 'time'],
  http_req_receiving: ['trend', 'time'],
  ws_sessions: ['counter', 'default'],
  ws_connecting: ['trend', 'time'],
  ws_session_duration: ['trend', 'time'],
  ws_msgs_sent: ['counter', 'default'],
  ws_msgs_received: ['counter', 'default'],
  ws_ping: ['trend', 'time'],
  grpc_req_duration: ['trend', 'time'],
  grpc_streams: ['counter', 'default'],
  grpc_streams_msgs_sent: ['counter', 'default'],
  grpc_streams_msgs_received: ['counter', 'default'],
  // Not k6's: how late an iteration started against its arrival rate.
  iteration_start_delay: ['trend', 'time'],
} as const satisfies Record<string, readonly [MetricType, MetricContains]>;

export type BuiltInMetrics = Readonly<Record<keyof typeof BUILT_IN, Metric>>;

/** Defines all built-in metrics. */
export function registerBuiltIns(registry: MetricRegistry): BuiltInMetrics {
  return Object.fromEntries(
    Object.entries(BUILT_IN).map(([name, [type, contains]]) => [name, registry.define(name, type, contains)]),
  ) as BuiltInMetrics;
}
