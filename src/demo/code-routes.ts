import { type Misbehaviour, WELL_BEHAVED } from './misbehaviour.ts';

/** Codes of clients (docs/reference/codes.md) by what a server has to do to be met with them. */
const MANNERS: Readonly<Record<number, Partial<Misbehaviour>>> = {
  1040: { manner: 'close' },
  1041: { manner: 'malformed' },
  1042: { manner: 'headers' },
  1050: { manner: 'hang' },
  1220: { manner: 'reset' },
  1701: { manner: 'encoding' },
};

/** An error that HTTP/2 does not have. */
const UNKNOWN_ERROR = 99;

/**
 * What `/code/1220` does: behaves so that a client sees that code. GOAWAY and RST_STREAM (1611–1624, 1631–1644) take HTTP/2.
 * @returns null for codes that no server can bring about
 */
export function misbehaviourForCode(code: number): Misbehaviour | null {
  if (code >= 1400 && code < 1600) return { ...WELL_BEHAVED, status: code - 1000 };
  if (code > 1610 && code <= 1624) return { ...WELL_BEHAVED, goaway: code - 1611 };
  if (code > 1630 && code <= 1644) return { ...WELL_BEHAVED, rst: code - 1631 };
  if (code === 1610) return { ...WELL_BEHAVED, goaway: UNKNOWN_ERROR };
  if (code === 1630) return { ...WELL_BEHAVED, rst: UNKNOWN_ERROR };
  const manner = MANNERS[code];
  return manner === undefined ? null : { ...WELL_BEHAVED, ...manner };
}
