import { lookup, Resolver } from 'node:dns';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Which families a question is about. */
export type Families = 'both' | 'IPv4' | 'IPv6';

export type LookedUp = (error: NodeJS.ErrnoException | null, addresses: readonly string[]) => void;

/** Questions to getaddrinfo at a time: each holds one of the four threads that the whole process has for such things. */
const MOST_BLOCKING = 2;
/** How long what the files say is believed, in ms. */
const FILES_MS = 5000;

interface SystemFiles {
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Null: names have to be asked of the system, which has other sources than files and DNS, or none of ours. */
  readonly dns: { readonly search: readonly string[]; readonly ndots: number; readonly resolver: Resolver } | null;
  /** Whether the system knows names that neither its files nor DNS have. */
  readonly hasMore: boolean;
}

let files: SystemFiles | null = null;
let readAt = Number.NEGATIVE_INFINITY;
let resolverText = '';
let resolver = new Resolver();

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The words of each line, without comments. */
function readWords(path: string): string[][] {
  return readText(path)
    .split('\n')
    .map((line) =>
      line
        .replace(/[#;].*/, '')
        .trim()
        .split(/\s+/),
    )
    .filter(([first]) => first !== undefined && first !== '');
}

/** @returns addresses by name in lower case, in the order of the lines (hosts(5)) */
export function parseHosts(lines: readonly (readonly string[])[]): Map<string, string[]> {
  const hosts = new Map<string, string[]>();
  for (const [address = '', ...names] of lines) {
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const key = name.toLowerCase();
      const known = hosts.get(key);
      if (known === undefined) hosts.set(key, [address]);
      else known.push(address);
    }
  }
  return hosts;
}

/** @returns the names to ask for, one after the other, for what a script calls a host (resolv.conf(5)) */
export function listCandidates(name: string, search: readonly string[], ndots: number): string[] {
  if (name.endsWith('.')) return [name];
  const longer = search.map((domain) => `${name}.${domain}`);
  return name.split('.').length - 1 >= ndots ? [name, ...longer] : [...longer, name];
}

/**
 * What `options` of resolv.conf(5) ask for. As there, numbers have an upper bound, and what is none is passed over.
 * @returns `timeout` in ms
 */
export function readResolverOptions(options: readonly string[]): { timeout: number; tries: number; ndots: number } {
  const numberOf = (key: string, otherwise: number, most: number): number => {
    const text = options.findLast((option) => option.startsWith(`${key}:`))?.slice(key.length + 1) ?? '';
    return /^\d+$/.test(text) ? Math.min(Number(text), most) : otherwise;
  };
  return {
    timeout: Math.max(1, numberOf('timeout', 5, 30)) * 1000,
    tries: Math.max(1, numberOf('attempts', 2, 5)),
    ndots: numberOf('ndots', 1, 15),
  };
}

function readSystemFiles(): SystemFiles {
  const now = performance.now();
  if (files !== null && now - readAt < FILES_MS) return files;
  readAt = now;
  const hosts = parseHosts(process.platform === 'win32' ? [] : readWords('/etc/hosts'));
  const sources = readWords('/etc/nsswitch.conf').find(([first]) => first === 'hosts:') ?? ['hosts:', 'files', 'dns'];
  const others = sources.slice(1).filter((word) => !/^(?:files|dns|\[.*)$/.test(word));
  const asks =
    process.platform === 'linux' && others.every((word) => /^(?:myhostname|mymachines|resolve|mdns\w*)$/.test(word));
  const lines = readWords('/etc/resolv.conf');
  const valuesOf = (key: string): string[] => lines.findLast(([first]) => first === key)?.slice(1) ?? [];
  const options = lines.filter(([first]) => first === 'options').flatMap((line) => line.slice(1));
  const servers = lines.filter(([first]) => first === 'nameserver').map((line) => line[1] ?? '');
  const { timeout, tries, ndots } = readResolverOptions(options);
  const text = `${servers.join()} ${timeout} ${tries}`;
  if (text !== resolverText) {
    resolverText = text;
    resolver = new Resolver({ timeout, tries });
  }
  const search = valuesOf('search').length > 0 ? valuesOf('search') : valuesOf('domain');
  const dns = asks && servers.length > 0 ? { search, ndots, resolver } : null;
  files = { hosts, dns, hasMore: others.length > 0 };
  return files;
}

/**
 * Addresses of a name as the system would find them: its hosts file, then DNS. Neither waits for the other, nor one name for
 * another: getaddrinfo, which would, is asked only where the system has further sources of names.
 */
export function lookUpName(name: string, families: Families, done: LookedUp): void {
  const { hosts, dns, hasMore } = readSystemFiles();
  const key = name.toLowerCase();
  const local = hosts.get(key) ?? (/(?:^|\.)localhost\.?$/.test(key) ? ['127.0.0.1', '::1'] : undefined);
  if (local !== undefined) {
    // Never at once: nobody expects to be called before the call has returned.
    process.nextTick(done, null, local);
  } else if (dns === null || key.endsWith('.local') || key === hostname().toLowerCase()) askSystem(name, done);
  else {
    askInTurn(dns.resolver, listCandidates(key, dns.search, dns.ndots), families, (error, addresses) => {
      if (error !== null && isAbsent(error) && hasMore) askSystem(name, done);
      else done(error, addresses);
    });
  }
}

function isAbsent({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOTFOUND' || code === 'ENODATA';
}

function askInTurn(from: Resolver, names: readonly string[], families: Families, done: LookedUp): void {
  const [name = '', ...others] = names;
  askBoth(from, name, families, (error, addresses) => {
    if (error !== null && isAbsent(error) && others.length > 0) askInTurn(from, others, families, done);
    else done(error, addresses);
  });
}

/** Both families at once, as each is a question of its own; IPv4 stands first. */
function askBoth(from: Resolver, name: string, families: Families, done: LookedUp): void {
  const found: { four: readonly string[]; six: readonly string[] } = { four: [], six: [] };
  let failure: NodeJS.ErrnoException | null = null;
  let open = families === 'both' ? 2 : 1;
  const take =
    (kind: 'four' | 'six') =>
    (error: NodeJS.ErrnoException | null, addresses: readonly string[]): void => {
      if (error === null) found[kind] = addresses;
      // That there is none of one family says less than that a server did not answer.
      else if (failure === null || isAbsent(failure)) failure = error;
      if (--open > 0) return;
      const all = [...found.four, ...found.six];
      done(all.length > 0 ? null : failure, all);
    };
  if (families !== 'IPv6') from.resolve4(name, take('four'));
  if (families !== 'IPv4') from.resolve6(name, take('six'));
}

let blocking = 0;
const queue: (() => void)[] = [];

function askSystem(name: string, done: LookedUp): void {
  const ask = (): void => {
    blocking++;
    lookup(name, { all: true, order: 'verbatim' }, (error, results) => {
      blocking--;
      queue.shift()?.();
      done(error, error === null ? results.map(({ address }) => address) : []);
    });
  };
  if (blocking < MOST_BLOCKING) ask();
  else queue.push(ask);
}
