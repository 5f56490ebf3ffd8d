// Rules against places of one's own, however a script writes where they are.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { IpRanges } from './ip-range.ts';

/** Where somebody listens. */
export interface OwnPlace {
  /** A name or an address, IPv6 without brackets; '' is every address of this machine. */
  readonly host: string;
  readonly port: number;
}

/** Addresses that lead to the machine that dials them, whatever its network is. */
const LOOPBACK = ['127.0.0.0/8', '::1/128', '0.0.0.0/32', '::/128'];

/**
 * Rules as target-rules.ts takes them: the place's name, and the addresses that the name has now. What is on this machine is meant at each
 * address of it.
 */
export async function rulesAgainst(places: readonly OwnPlace[]): Promise<string[]> {
  const rules = new Set<string>();
  const own = [...LOOPBACK, ...interfaceAddresses()];
  const ranges = new IpRanges(own);
  for (const { host, port } of places) {
    if (host !== '' && isIP(host) === 0) rules.add(`${host}:${port}`);
    const addresses = host === '' ? ['::'] : await addressesOf(host);
    const isHere = addresses.some((address) => ranges.find(address) !== null);
    for (const address of isHere ? [...own, ...addresses] : addresses)
      rules.add(address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);
  }
  return [...rules];
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => withoutZone(address)));
}

/** @returns none for a name that nobody knows now: whoever cannot look it up cannot use it either */
async function addressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => withoutZone(address));
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, '');
}
