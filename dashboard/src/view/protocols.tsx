// What only some protocols have: statuses of gRPC methods, sessions and messages of WebSockets.
import type { RunView } from '../data/model.ts';
import { placesOf, totalsOf } from '../data/totals.ts';
import { count, duration, text } from '../text/format.ts';
import { Name } from './endpoints.tsx';

const GRPC_STATUS = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** gRPC methods with how often each status came. */
export function GrpcMethods({ run }: { readonly run: RunView }) {
  const rows = placesOf(run, 'endpoint')
    .map((place) => totalsOf(run, place, null))
    .filter(({ row }) => row.protocol === 'grpc' && row.statuses.length > 0)
    .sort((a, b) => b.count - a.count);
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="grpc">
      <div class="title">
        <h2 id="grpc">gRPC methods</h2>
        <p>Statuses as the servers sent them, or as the calls ended.</p>
      </div>
      <ul class="methods">
        {rows.map(({ row, place }) => (
          <li key={place}>
            <span class="name">
              <Name row={row} />
            </span>
            <span class="statuses">
              {row.statuses.map(([status, times]) => (
                <span key={status} class={status === '0' ? 'tag' : 'tag bad'}>
                  {GRPC_STATUS[Number(status)] ?? status} {count(times)}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function WebSockets({ run }: { readonly run: RunView }) {
  const valuesOf = (key: string): Readonly<Record<string, number>> | undefined =>
    run.record.metrics.find((metric) => metric.key === key)?.values;
  const sessions = valuesOf('ws_sessions');
  if (sessions === undefined) return null;
  const lasted = valuesOf('ws_session_duration');
  const connecting = valuesOf('ws_connecting');
  const facts: readonly (readonly [string, string])[] = [
    ['Sessions', count(sessions['count'] ?? 0)],
    ['Messages sent', count(valuesOf('ws_msgs_sent')?.['count'] ?? 0)],
    ['Messages received', count(valuesOf('ws_msgs_received')?.['count'] ?? 0)],
    ['Connecting, p95', text(duration(connecting?.['p(95)'] ?? null))],
    ['Session, median', text(duration(lasted?.['med'] ?? null))],
  ];
  return (
    <section aria-labelledby="websocket">
      <div class="title">
        <h2 id="websocket">WebSocket</h2>
      </div>
      <dl class="facts-row">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
