import type { Retry } from './code-entry.ts';

/** One close code of WebSocket (RFC 6455, section 7.4, and IANA's registry). */
export interface WebSocketClose {
  readonly close: number;
  /** The name in IANA's registry, in capitals with underscores: `GOING_AWAY`. */
  readonly name: string;
  readonly meaning: string;
  readonly retry: Retry;
  readonly retryAdvice: string;
  readonly look: string;
  /** Never in a close frame: what libraries report where there was none, or none with a code. */
  readonly isLocal: boolean;
}

/** Rows: close code, name, meaning, retry, advice on retrying, what to look at first. */
const ROWS = [
  [
    1000,
    'NORMAL_CLOSURE',
    'Both sides are done.',
    'none',
    'Nothing failed.',
    'Who closes: a server that ends sessions early does it with 1000 too.',
  ],
  [
    1001,
    'GOING_AWAY',
    'The server shuts down, or the page was left.',
    'backoff',
    'Yes, a new connection, after a pause.',
    'Restarts and deployments during the test, and how many clients come back at once.',
  ],
  [
    1002,
    'PROTOCOL_ERROR',
    'The peer found a frame that breaks the protocol.',
    'no',
    'No: the same frames break it again.',
    'Proxies between, and extensions that were not agreed on.',
  ],
  [
    1003,
    'UNSUPPORTED_DATA',
    'The peer does not take this kind of message, for instance binary.',
    'no',
    'No: the messages have to be of the other kind.',
    'Whether the script sends text or an ArrayBuffer.',
  ],
  [
    1005,
    'NO_STATUS_RECEIVED',
    'The close frame had no code.',
    'none',
    'By itself it is no failure.',
    'The server: it closes without saying why.',
  ],
  [
    1006,
    'ABNORMAL_CLOSURE',
    'The connection ended without a close frame. It is `error_code` 1903.',
    'backoff',
    'Yes, a new connection, after a pause.',
    'Idle timeouts of proxies and load balancers, and crashes of the server.',
  ],
  [
    1007,
    'INVALID_PAYLOAD',
    'A message is not what its kind says, for instance text that is not UTF-8.',
    'no',
    'No.',
    'The bytes that the script sends as text.',
  ],
  [
    1008,
    'POLICY_VIOLATION',
    'A message breaks a rule of the peer that has no code of its own.',
    'after-fix',
    'Not before it is clear which rule.',
    'Authorisation and rate limits: many servers refuse with 1008.',
  ],
  [
    1009,
    'MESSAGE_TOO_BIG',
    "A message is over the peer's limit.",
    'no',
    'No: the message stays too big.',
    'The size of the messages, and the limit of server and proxies.',
  ],
  [
    1010,
    'MANDATORY_EXTENSION',
    'The client had asked for an extension that the server did not agree to.',
    'after-fix',
    'Not with these extensions.',
    'What the handshake offers and what the answer accepts.',
  ],
  [
    1011,
    'INTERNAL_ERROR',
    'The server met a condition that it did not foresee.',
    'backoff',
    'Yes, a new connection, after a pause.',
    "The server's log.",
  ],
  [
    1012,
    'SERVICE_RESTART',
    'The server restarts.',
    'backoff',
    'Yes, after a random pause, so that not all come back at once.',
    'Deployments during the test.',
  ],
  [
    1013,
    'TRY_AGAIN_LATER',
    'The server is overloaded.',
    'backoff',
    'Yes, after a pause that grows.',
    'The number of open sessions: this may be the limit that the test looks for.',
  ],
  [
    1014,
    'BAD_GATEWAY',
    'A gateway got no valid answer from the server behind it.',
    'backoff',
    'Yes, after a pause.',
    "The gateway's log, and the server behind it.",
  ],
  [
    1015,
    'TLS_HANDSHAKE',
    'The TLS handshake failed.',
    'after-fix',
    'Not before its cause is put right.',
    'The certificate; `error_code` 1300–1323 says more.',
  ],
  [
    3000,
    'UNAUTHORIZED',
    'Credentials are missing or not valid.',
    'after-fix',
    'With fresh credentials.',
    'Tokens that expire while a session is open.',
  ],
  [
    3003,
    'FORBIDDEN',
    'The caller is known and may not.',
    'no',
    'No: the caller needs other rights.',
    'The rights of the test account.',
  ],
  [
    3008,
    'TIMEOUT',
    'The other side did not say what was due in time.',
    'backoff',
    'Yes, a new connection.',
    'Pings: does the script answer, and does it sleep longer than the server waits?',
  ],
] as const satisfies readonly (readonly [number, string, string, Retry, string, string])[];

/** A close code that has a name. */
export type CloseNumber = (typeof ROWS)[number][0];

const LOCAL: readonly number[] = [1005, 1006, 1015];

/** All registered close codes, ascending. 4000–4999 are the application's own. */
export const WEBSOCKET_CLOSES: readonly (WebSocketClose & { readonly close: CloseNumber })[] = ROWS.map(
  ([close, name, meaning, retry, retryAdvice, look]) =>
    Object.freeze({ close, name, meaning, retry, retryAdvice, look, isLocal: LOCAL.includes(close) }),
);

/** The close code of a number or a name (`GOING_AWAY`, `going away`). */
export function findWebSocketClose(which: number | string): WebSocketClose | undefined {
  if (typeof which === 'number') return WEBSOCKET_CLOSES.find((row) => row.close === which);
  const wanted = which
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_');
  return WEBSOCKET_CLOSES.find((row) => row.name === wanted);
}
