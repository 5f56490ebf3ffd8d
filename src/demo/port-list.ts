// What ports the target has. Data only: the command line reads it at each start.

/** What goes wrong before a request can be sent, or beside all requests: a port each. */
export interface BrokenPort {
  /** The code that a client should see, or the first of several. */
  readonly code: number;
  readonly what: string;
}

/** In the order of their ports. */
export const BROKEN_PORTS = [
  { code: 1311, what: 'certificate of another name' },
  { code: 1312, what: 'certificate that has expired' },
  { code: 1313, what: 'certificate of tomorrow' },
  { code: 1320, what: 'handshake refused with an alert' },
  { code: 1321, what: 'no TLS version in common' },
  { code: 1322, what: 'client certificate asked for' },
  { code: 1323, what: 'handshake without an answer' },
  { code: 1652, what: 'HTTP/2 that breaks the rules' },
  { code: 1300, what: 'handshake that makes no sense' },
  { code: 1211, what: 'full queue of new connections (Linux)' },
] as const satisfies readonly BrokenPort[];

/** What is no HTTP, behind those: a name server (UDP), and one port for Redis, MQTT, PostgreSQL and SSH. */
export const FOREIGN_PORTS = ['names', 'protocols'] as const;

/** How many ports the target takes in a row: HTTP, HTTPS, gRPC, gRPC over TLS, those that fail, and those of other protocols. */
export const PORTS = 4 + BROKEN_PORTS.length + FOREIGN_PORTS.length;

/** The errors of HTTP/2 that a client can be made to end a connection with: frame-breaker.ts does it. */
export const BREACHED_ERRORS = [1, 3, 6, 9, 11] as const;
export type BreachedError = (typeof BREACHED_ERRORS)[number];

/** HTTP/2 connection errors: 1651 is error 0. */
const CONNECTION_ERRORS = 1651;

/**
 * Which port brings a code about, and with what path.
 * @returns null for codes that take no port of their own
 */
export function brokenPortOf(code: number): { readonly port: number; readonly path: string } | null {
  const error = code - CONNECTION_ERRORS;
  const isBreach = BREACHED_ERRORS.some((one) => one === error);
  const port = BROKEN_PORTS.findIndex((one) => one.code === (isBreach ? 1652 : code));
  return port < 0 ? null : { port, path: isBreach ? `/${error}` : '/' };
}
