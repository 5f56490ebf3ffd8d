// Under which heading of the text summary a metric stands. By its exact name: a script's `http_req_cached` is its own.
import { BUILT_IN, FAILED_ITERATIONS } from '../metrics/built-in.ts';

/** In the order of the summary. */
export const HEADINGS = [
  'CUSTOM',
  'HTTP',
  'EXECUTION',
  'NETWORK',
  'BROWSER',
  'WEB_VITALS',
  'GRPC',
  'WEBSOCKET',
  'REDIS',
  'SQL',
] as const;

export type Heading = (typeof HEADINGS)[number];

/** Checks and groups have parts of their own. */
const ELSEWHERE = new Set(['checks', 'group_duration']);

/** Details that the compact summary leaves out. */
const DETAILS = new Set([
  'http_req_blocked',
  'http_req_connecting',
  'http_req_receiving',
  'http_req_sending',
  'http_req_tls_handshaking',
  'http_req_waiting',
  'grpc_connecting',
  'grpc_tls_handshaking',
  'redis_connecting',
  'sql_connecting',
]);

/** The longer prefix first. */
const PREFIXES: readonly (readonly [string, Heading])[] = [
  ['browser_web_vital_', 'WEB_VITALS'],
  ['browser_', 'BROWSER'],
  ['http_', 'HTTP'],
  ['grpc_', 'GRPC'],
  ['ws_', 'WEBSOCKET'],
  ['redis_', 'REDIS'],
  ['sql_', 'SQL'],
  ['data_', 'NETWORK'],
];

/** @returns undefined for a metric that has no line of its own */
export function headingOf(name: string, mode: 'compact' | 'full'): Heading | undefined {
  if (ELSEWHERE.has(name) || (mode === 'compact' && DETAILS.has(name))) return undefined;
  if (name === FAILED_ITERATIONS) return 'EXECUTION';
  if (!Object.hasOwn(BUILT_IN, name)) return 'CUSTOM';
  return PREFIXES.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'EXECUTION';
}
