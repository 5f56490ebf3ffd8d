import { isIP } from 'node:net';
import { toWireError } from './raw-errors.ts';
import { type Families, lookUpName } from './system-lookup.ts';
import { WireError } from './wire-error.ts';

export interface DnsOptions {
  /** How long an answer is kept, in milliseconds; 0 = not at all, Infinity = for the whole run. */
  ttlMs: number;
  select: 'first' | 'random' | 'roundRobin';
  policy: 'preferIPv4' | 'preferIPv6' | 'onlyIPv4' | 'onlyIPv6' | 'any';
}

/** What has to be asked for, for what the policy admits. */
const FAMILIES: Readonly<Record<DnsOptions['policy'], Families>> = {
  preferIPv4: 'both',
  preferIPv6: 'both',
  any: 'both',
  onlyIPv4: 'IPv4',
  onlyIPv6: 'IPv6',
};

interface CacheEntry {
  addresses: string[];
  expires: number;
}

/** Names to addresses by the system's resolver, with k6's cache, policy and choice among several addresses. */
export class Resolver {
  readonly #options: DnsOptions;
  readonly #cache = new Map<string, CacheEntry>();
  /** Whose turn it is among the addresses of a name; goes on when they have been looked up anew. */
  readonly #turns = new Map<string, number>();
  readonly #pending = new Map<string, ((error: WireError | null, entry: CacheEntry | null) => void)[]>();

  constructor(options: DnsOptions) {
    this.#options = options;
  }

  /**
   * Calls back with one address – at once when the cache knows it – or with an error of the 1100s.
   * Concurrent questions for one name share one look-up.
   * @param preferred the family to prefer over what the policy prefers, where it admits both
   */
  resolve(name: string, done: (error: WireError | null, address: string) => void, preferred?: 4 | 6): void {
    const own = this.#options.policy;
    const policy = preferred === undefined || own.startsWith('only') ? own : (`preferIPv${preferred}` as const);
    // Names have no blanks.
    const key = policy === own ? name : `${policy} ${name}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined && cached.expires > performance.now()) {
      done(null, this.#select(key, cached));
      return;
    }
    const finish = (error: WireError | null, entry: CacheEntry | null): void => {
      if (entry !== null) done(null, this.#select(key, entry));
      else done(error, '');
    };
    const waiting = this.#pending.get(key);
    if (waiting !== undefined) {
      waiting.push(finish);
      return;
    }
    this.#pending.set(key, [finish]);
    lookUpName(name, FAMILIES[policy], (error, results) => {
      const waiters = this.#pending.get(key) ?? [];
      this.#pending.delete(key);
      let entry: CacheEntry | null = null;
      let failure: WireError | null = null;
      if (error !== null) failure = toWireError(error, 'lookup');
      else {
        const addresses = applyPolicy(results, policy);
        if (addresses.length === 0) failure = new WireError(1101, 'lookup: no such host');
        else {
          entry = { addresses, expires: performance.now() + this.#options.ttlMs };
          if (this.#options.ttlMs > 0) this.#cache.set(key, entry);
        }
      }
      for (const waiter of waiters) waiter(failure, entry);
    });
  }

  #select(key: string, { addresses }: CacheEntry): string {
    let index = 0;
    if (addresses.length > 1) {
      if (this.#options.select === 'random') index = Math.floor(Math.random() * addresses.length);
      else if (this.#options.select === 'roundRobin') {
        index = (this.#turns.get(key) ?? 0) % addresses.length;
        this.#turns.set(key, index + 1);
      }
    }
    return addresses[index] ?? '';
  }
}

/** The addresses that the policy admits, in the resolver's order and without repeats. */
export function applyPolicy(addresses: readonly string[], policy: DnsOptions['policy']): string[] {
  const unique = [...new Set(addresses)];
  const four = unique.filter((address) => isIP(address) === 4);
  const six = unique.filter((address) => isIP(address) === 6);
  switch (policy) {
    case 'any':
      return unique;
    case 'onlyIPv4':
      return four;
    case 'onlyIPv6':
      return six;
    case 'preferIPv4':
      return four.length > 0 ? four : six;
    case 'preferIPv6':
      return six.length > 0 ? six : four;
  }
}
