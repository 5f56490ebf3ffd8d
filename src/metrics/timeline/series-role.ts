// What the samples of a series mean for the timeline.
import { failureOf } from '../failure-tally.ts';
import type { RowDescription } from './live-row.ts';
import type { ColumnName } from './timeline-data.ts';

export type Tags = readonly (readonly [string, string])[];

export type SeriesRole =
  | { readonly kind: 'column'; readonly column: ColumnName }
  /** A duration of the run itself. */
  | { readonly kind: 'row'; readonly row: RowDescription }
  | { readonly kind: 'latency'; readonly row: RowDescription; readonly status: string }
  /** A share of failures: 1 is one. */
  | { readonly kind: 'failed'; readonly row: RowDescription }
  /** Each sample is a failure of a code. `countsAsFailed` where nothing else counts the protocol's failures. */
  | { readonly kind: 'code'; readonly row: RowDescription; readonly code: number; readonly countsAsFailed: boolean };

const COLUMN_OF: Readonly<Record<string, ColumnName>> = {
  iterations: 'iterations',
  dropped_iterations: 'dropped',
  data_received: 'received',
  data_sent: 'sent',
};

const RUN_ROW: Readonly<Record<string, RowDescription['kind']>> = {
  iteration_duration: 'iteration',
  iteration_start_delay: 'start-delay',
};

/** What says how long an endpoint took. */
const LATENCY: Readonly<Record<string, string>> = {
  http_req_duration: 'http',
  grpc_req_duration: 'grpc',
  ws_connecting: 'websocket',
  redis_req_duration: 'redis',
  mqtt_call_duration: 'mqtt',
  sse_connecting: 'sse',
  ssh_command_duration: 'ssh',
  tls_handshake_duration: 'tls',
  browser_http_req_duration: 'browser',
};

const FAILED: Readonly<Record<string, string>> = {
  http_req_failed: 'http',
  grpc_req_failed: 'grpc',
  redis_req_failed: 'redis',
  ssh_command_failed: 'ssh',
  browser_http_req_failed: 'browser',
};
/** @returns the metrics that a protocol's latency and failures come from; null where it has none of the kind */
export function metricsOf(protocol: string): { readonly latency: string | null; readonly failed: string | null } {
  const find = (table: Readonly<Record<string, string>>): string | null =>
    Object.keys(table).find((metric) => table[metric] === protocol) ?? null;
  return { latency: find(LATENCY), failed: find(FAILED) };
}

const WITH_SHARE = new Set(Object.values(FAILED));

function tagValue(tags: Tags, key: string): string {
  return tags.find(([name]) => name === key)?.[1] ?? '';
}

function endpointOf(protocol: string, tags: Tags): RowDescription {
  const name = tagValue(tags, 'name') || tagValue(tags, 'url');
  // A gRPC method is in the name.
  return { kind: 'endpoint', protocol, method: protocol === 'http' ? tagValue(tags, 'method') : '', name };
}

/** @returns what a series means, which may be two things; nothing where the timeline does not show it */
export function findRoles(metric: string, tags: Tags): SeriesRole[] {
  if (Object.hasOwn(COLUMN_OF, metric)) return [{ kind: 'column', column: COLUMN_OF[metric] }];
  if (Object.hasOwn(RUN_ROW, metric))
    return [{ kind: 'row', row: { kind: RUN_ROW[metric], protocol: '', method: '', name: '' } }];
  const roles: SeriesRole[] = [];
  if (Object.hasOwn(LATENCY, metric)) {
    const row = endpointOf(LATENCY[metric], tags);
    roles.push({ kind: 'latency', row, status: tagValue(tags, 'status') });
  }
  if (Object.hasOwn(FAILED, metric)) roles.push({ kind: 'failed', row: endpointOf(FAILED[metric], tags) });
  const failure = failureOf(metric, tags);
  if (failure !== undefined) {
    const { protocol, code } = failure;
    roles.push({ kind: 'code', row: endpointOf(protocol, tags), code, countsAsFailed: !WITH_SHARE.has(protocol) });
  }
  return roles;
}
