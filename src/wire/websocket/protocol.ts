// The numbers of RFC 6455.

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export const CLOSE_CODE = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  /** Never on the wire: the close frame had no code. */
  none: 1005,
  /** Never on the wire: there was no close frame. */
  abnormal: 1006,
  invalidData: 1007,
  tooLarge: 1009,
} as const;

/** Appended to the key of the handshake (section 1.3). */
export const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What a control frame may carry at most, in octets (section 5.5). */
export const MAX_CONTROL_OCTETS = 125;

/** Whether a close frame may carry the code (sections 7.4.1 and 7.4.2, and the registry that they begin). */
export function isCloseCode(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999)
  );
}

/** Those of the registry that a peer may send (https://www.iana.org/assignments/websocket/). */
const CLOSE_CODE_NAMES: Readonly<Record<number, string>> = {
  1000: 'normal',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no status',
  1006: 'abnormal closure',
  1007: 'invalid payload data',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'mandatory extension missing',
  1011: 'internal server error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
};

/** ` (going away)`; empty for the codes of applications. */
export function describeCloseCode(code: number): string {
  const name = CLOSE_CODE_NAMES[code];
  return name === undefined ? '' : ` (${name})`;
}
