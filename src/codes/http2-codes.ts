import { type CodeEntry, entryOf, type Http2Family } from './code-entry.ts';
import { HTTP2_ERRORS, type Http2Error } from './http2-error.ts';
import { resetToGrpc } from './status-mapping.ts';

interface Family {
  readonly family: Http2Family;
  /** Its first number: an event with an unknown HTTP/2 error code; 1 + n further on comes error code n. */
  readonly base: number;
  readonly title: string;
  readonly meaning: string;
  readonly producedBy: string;
}

const HTTP2_FAMILIES: readonly Family[] = [
  {
    family: 'goaway',
    base: 1610,
    title: 'GOAWAY',
    meaning: 'The peer closed the whole connection with a GOAWAY frame',
    producedBy: 'server or a proxy before it',
  },
  {
    family: 'stream',
    base: 1630,
    title: 'RST_STREAM',
    meaning: 'The peer broke this one stream off with an RST_STREAM frame',
    producedBy: 'server or a proxy before it',
  },
  {
    family: 'connection',
    base: 1650,
    title: 'connection error',
    meaning: 'We ended the connection, because the peer broke the rules of HTTP/2',
    producedBy: 'client, about what the peer sent',
  },
];

/** What 1 + n is added to: offsets of the error codes as types, 0–13. */
type Offsets = {
  1610: 1611 | 1612 | 1613 | 1614 | 1615 | 1616 | 1617 | 1618 | 1619 | 1620 | 1621 | 1622 | 1623 | 1624;
  1630: 1631 | 1632 | 1633 | 1634 | 1635 | 1636 | 1637 | 1638 | 1639 | 1640 | 1641 | 1642 | 1643 | 1644;
  1650: 1651 | 1652 | 1653 | 1654 | 1655 | 1656 | 1657 | 1658 | 1659 | 1660 | 1661 | 1662 | 1663 | 1664;
};
export type Http2Code = 1600 | keyof Offsets | Offsets[keyof Offsets];
export type Http2CodeName =
  | 'http2'
  | `http2_${Http2Family}`
  | `http2_${Http2Family}_${Lowercase<(typeof HTTP2_ERRORS)[number]['name']>}`;

function siblings(family: Family, error: number): number[] {
  return HTTP2_FAMILIES.filter((other) => other !== family).map((other) => other.base + 1 + error);
}

function knownEntry(family: Family, row: Http2Error): CodeEntry {
  const grpc = resetToGrpc(row.error);
  return entryOf({
    code: family.base + 1 + row.error,
    name: `http2_${family.family}_${row.name.toLowerCase()}`,
    origin: 'k6',
    title: `HTTP/2 ${family.title}: ${row.name}`,
    meaning: `${family.meaning}. ${row.meaning}`,
    producedBy: family.producedBy,
    retry: row.retry,
    retryAdvice: row.retryAdvice,
    look: row.look,
    related: family.family === 'stream' ? [...siblings(family, row.error), 1800 + grpc] : siblings(family, row.error),
    http2: { family: family.family, error: row.error },
  });
}

function unknownEntry(family: Family): CodeEntry {
  return entryOf({
    code: family.base,
    name: `http2_${family.family}`,
    origin: 'k6',
    title: `HTTP/2 ${family.title} with an unknown code`,
    meaning: `${family.meaning}. Its error code is none of HTTP/2's fourteen (RFC 9113, section 7).`,
    producedBy: family.producedBy,
    retry: 'idempotent',
    retryAdvice: 'Only an idempotent request, on a new connection.',
    look: 'The number in the message, and what the peer means by it.',
    related: [1600],
    http2: { family: family.family, error: null },
  });
}

/** 1600–1699: GOAWAY, RST_STREAM and connection errors, each with HTTP/2's fourteen error codes. */
export const HTTP2_ENTRIES: readonly CodeEntry[] = [
  entryOf({
    code: 1600,
    name: 'http2',
    origin: 'k6',
    title: 'HTTP/2 failure',
    meaning: 'HTTP/2 failed in another way than those below.',
    producedBy: 'either side',
    retry: 'idempotent',
    retryAdvice: 'Only an idempotent request, on a new connection.',
    look: 'The error message.',
    related: [1610, 1630, 1650],
  }),
  ...HTTP2_FAMILIES.flatMap((family) => [unknownEntry(family), ...HTTP2_ERRORS.map((row) => knownEntry(family, row))]),
];

/**
 * The code of an HTTP/2 event.
 * @param family a GOAWAY or RST_STREAM from the peer, or a connection error that we found
 * @param error the HTTP/2 error code; any that is not 0–13 gives the family's own number
 */
export function http2Code(family: Http2Family, error: number): number {
  const base = family === 'goaway' ? 1610 : family === 'stream' ? 1630 : 1650;
  return Number.isInteger(error) && error >= 0 && error < HTTP2_ERRORS.length ? base + 1 + error : base;
}
