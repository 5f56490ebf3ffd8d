// Proxies as variables and options name them (Go's rules, which users of k6 know: golang.org/x/net/http/httpproxy).
import { type Credentials, maskUnread, takeCredentials } from './credentials.ts';

/** A proxy that connections go through. */
export interface ProxyServer {
  readonly kind: 'http' | 'socks5';
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** TLS to the proxy itself (`https://`). */
  readonly secure: boolean;
  readonly credentials: Credentials | null;
  /** `http://host:port`, without credentials: for messages. */
  readonly shown: string;
}

const DEFAULT_PORTS = { http: 80, https: 443, socks5: 1080, socks5h: 1080 } as const;

/** Octets of a name or a password that SOCKS5 has room for (RFC 1929, section 2). */
const LONGEST_FOR_SOCKS = 255;

/**
 * @param text `http://user:password@host:port`; also `https://`, `socks5://`, `socks5h://`; without a scheme it is http
 * @throws Error that says what is wrong with it, without its credentials
 */
export function parseProxy(text: string): ProxyServer {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const refuse = (why: string): Error => new Error(`the proxy ${JSON.stringify(maskUnread(withScheme))} ${why}`);
  const scheme = withScheme.slice(0, withScheme.indexOf(':')).toLowerCase();
  if (!isProxyScheme(scheme)) throw refuse('cannot be used: there are http://, https:// and socks5://');
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null;
  // What is no "special" scheme to URL keeps a host in capitals and takes an empty one.
  const host = url?.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1') ?? '';
  if (url === null || !/^[a-z0-9._:-]+$/.test(host))
    throw refuse('cannot be read: write it as http://user:password@proxy.example:3128');
  const port = url.port === '' ? DEFAULT_PORTS[scheme] : Number(url.port);
  const isSocks = scheme === 'socks5' || scheme === 'socks5h';
  const credentials = takeCredentials(url);
  const fault = isSocks && credentials !== null ? findSocksFault(credentials) : null;
  if (fault !== null) throw refuse(`cannot be used: ${fault}`);
  return {
    kind: isSocks ? 'socks5' : 'http',
    host,
    port,
    secure: scheme === 'https',
    credentials,
    shown: `${isSocks ? 'socks5' : scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`,
  };
}

function isProxyScheme(scheme: string): scheme is keyof typeof DEFAULT_PORTS {
  return Object.hasOwn(DEFAULT_PORTS, scheme);
}

/** What keeps credentials from being told to a SOCKS5 proxy; null: nothing. An empty password is sent, as Go does. */
function findSocksFault({ user, password }: Credentials): string | null {
  if (user === '') return 'SOCKS5 knows no password without a name (RFC 1929): write socks5://user:password@host';
  if ([user, password].some((part) => Buffer.byteLength(part) > LONGEST_FOR_SOCKS))
    return `SOCKS5 has room for a name and a password of ${LONGEST_FOR_SOCKS} octets each (RFC 1929)`;
  return null;
}
