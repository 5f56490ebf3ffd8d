import { BlockList, isIP } from 'node:net';
import { type ProxyServer, parseProxy } from '../../addresses/proxy-address.ts';

/** Which proxies a test uses, as plain data. Empty texts are as if they were not set. */
export interface ProxySettings {
  /** For everything but what `noProxy` names (`httpProxy`); null: what the environment says. */
  readonly all: string | null;
  /** HTTP_PROXY: for `http:` and `ws:`. */
  readonly http: string;
  /** HTTPS_PROXY: for `https:`, `wss:` and gRPC. */
  readonly https: string;
  /** NO_PROXY: names, addresses and blocks that are reached directly, between commas. */
  readonly noProxy: string;
}

/** One entry of NO_PROXY. */
type Exception = (host: string, port: number, address: 'ipv4' | 'ipv6' | null) => boolean;

/** Which connections go through which proxy. */
export class ProxyRules {
  readonly #http: ProxyServer | null;
  readonly #https: ProxyServer | null;
  readonly #isForced: boolean;
  readonly #exceptions: readonly Exception[];

  /** @throws Error for a proxy that cannot be read */
  constructor({ all, http, https, noProxy }: ProxySettings) {
    const parse = (text: string): ProxyServer | null => (text.trim() === '' ? null : parseProxy(text.trim()));
    this.#isForced = all !== null;
    this.#http = parse(all ?? http);
    this.#https = parse(all ?? https);
    this.#exceptions = readExceptions(noProxy);
  }

  /**
   * The proxy for a connection; null: straight to the host. What the environment says never holds for `localhost` and loopback
   * addresses.
   * @param host as the URL has it, IPv6 without brackets
   */
  find(scheme: 'http' | 'https', host: string, port: number): ProxyServer | null {
    const proxy = scheme === 'https' ? this.#https : this.#http;
    if (proxy === null) return null;
    const lower = host.toLowerCase().replace(/\.$/, '');
    const version = isIP(lower);
    const address = version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6';
    if (!this.#isForced && (lower === 'localhost' || (address !== null && LOOPBACK.check(lower, address)))) return null;
    return this.#exceptions.some((matches) => matches(lower, port, address)) ? null : proxy;
  }
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** What cannot be read in NO_PROXY is passed over, as Go does. */
function readExceptions(text: string): Exception[] {
  return text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '')
    .flatMap((part) => readException(part) ?? []);
}

function readException(part: string): Exception | null {
  if (part === '*') return () => true;
  const block = /^([^/]+)\/(\d{1,3})$/.exec(part);
  if (block !== null) return readBlock(block[1] ?? '', Number(block[2]));
  const withPort = isIP(part) === 0 ? /^(.*):(\d+)$/.exec(part) : null;
  const wantedPort = withPort === null ? 0 : Number(withPort[2]);
  const name = (withPort?.[1] ?? part).replace(/^\[(.*)\]$/, '$1');
  const fits = (port: number): boolean => wantedPort === 0 || wantedPort === port;
  const version = isIP(name);
  if (version !== 0) {
    const one = new BlockList();
    one.addAddress(name, version === 4 ? 'ipv4' : 'ipv6');
    return (host, port, address) => address !== null && fits(port) && one.check(host, address);
  }
  const bare = name.replace(/^\*(?=\.)/, '');
  if (bare === '') return null;
  // `.example.com` and `*.example.com` are the names below it, `example.com` is that name too.
  const below = bare.startsWith('.') ? bare : `.${bare}`;
  return (host, port) => fits(port) && (host.endsWith(below) || (bare !== below && host === bare));
}

function readBlock(network: string, bits: number): Exception | null {
  const version = isIP(network);
  if (version === 0 || bits > (version === 4 ? 32 : 128)) return null;
  const block = new BlockList();
  block.addSubnet(network, bits, version === 4 ? 'ipv4' : 'ipv6');
  return (host, _, address) => address !== null && block.check(host, address);
}
