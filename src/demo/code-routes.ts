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
  if (!Number.isInteger(code)) return null;
  if (code >= 1400 && code < 1600) return { ...WELL_BEHAVED, status: code - 1000 };
  if (code > 1610 && code <= 1624) return { ...WELL_BEHAVED, goaway: code - 1611 };
  if (code > 1630 && code <= 1644) return { ...WELL_BEHAVED, rst: code - 1631 };
  if (code === 1610) return { ...WELL_BEHAVED, goaway: UNKNOWN_ERROR };
  if (code === 1630) return { ...WELL_BEHAVED, rst: UNKNOWN_ERROR };
  const manner = MANNERS[code];
  return manner === undefined ? null : { ...WELL_BEHAVED, ...manner };
}

/** Codes that another protocol, or another port, brings about: what to do for those of a range. */
const WAYS: readonly (readonly [from: number, to: number, way: (at: Places) => string])[] = [
  [
    1100,
    1104,
    ({ names }) => `ask the name server at ${names} for servfail.test, nxdomain.test, refused.test and the like`,
  ],
  [1230, 1231, () => 'take this port for a proxy, without credentials or with some'],
  [1232, 1232, () => 'take the port of gRPC for a proxy'],
  [1301, 1301, () => 'write https:// before the address of this port'],
  [1310, 1310, () => 'go to the port of HTTPS without trusting its authority'],
  [1702, 1702, () => 'GET /bytes/64000000 with a limit below that'],
  [1801, 1816, () => 'call shop.Statuses over gRPC, or any method with the metadata x-misbehave: status=14'],
  [
    1900,
    1903,
    () => 'open the WebSocket /close/1011, /counter?misbehave=status=403, /echo?misbehave=malformed or /close/1006',
  ],
  [2000, 2005, ({ protocols }) => `ask Redis at ${protocols} for the key code:2003`],
  [2100, 2106, ({ protocols }) => `ask PostgreSQL at ${protocols} for a SQLSTATE in quotes: select '40001'`],
  [2300, 2305, ({ protocols }) => `connect to MQTT at ${protocols} as code-2300, or subscribe to code/2302`],
  [2400, 2405, ({ protocols }) => `connect to SSH at ${protocols} as code-2401, or run the command "code 2404"`],
];

interface Places {
  readonly names: string;
  readonly protocols: string;
}

/**
 * What to do to meet a code that no answer of HTTP brings about.
 * @param text the code as it was asked for
 */
export function wayToCode(text: string, places: Places): string {
  const code = Number(text);
  const way = WAYS.find(([from, to]) => code >= from && code <= to)?.[2];
  return way === undefined ? `no server can make a client fail with "${text}"` : `for ${code}, ${way(places)}`;
}
