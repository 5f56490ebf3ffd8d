// Proxies as variables and options name them (Go's rules, which users of k6 know: golang.org/x/net/http/httpproxy).
import { decodePercent } from './percent-text.ts';
import type { TlsParams } from './tls-params.ts';

/** A proxy that connections go through. */
export interface ProxyServer {
  readonly kind: 'http' | 'socks5';
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** TLS to the proxy itself (`https://`). */
  readonly secure: boolean;
  readonly credentials: { readonly user: string; readonly password: string } | null;
  /** `http://host:port`, without credentials: for messages. */
  readonly shown: string;
}

/** A proxy as a connection is dialled through it. */
export interface ProxyRoute extends ProxyServer {
  /** What to dial a secure proxy with. */
  readonly tls: TlsParams | null;
}

const DEFAULT_PORTS = { http: 80, https: 443, socks5: 1080, socks5h: 1080 } as const;

/**
 * @param text `http://user:password@host:port`; also `https://`, `socks5://`, `socks5h://`; without a scheme it is http
 * @throws Error that says what is wrong with it, without its credentials
 */
export function parseProxy(text: string): ProxyServer {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  // Shown only where nobody can read it: then its password may have any character, as long as an @ comes behind it.
  const safe = withScheme.replace(/\/\/.*@/s, '//****:****@');
  const scheme = withScheme.slice(0, withScheme.indexOf(':')).toLowerCase();
  if (!isProxyScheme(scheme))
    throw new Error(`the proxy ${JSON.stringify(safe)} cannot be used: there are http://, https:// and socks5://`);
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null;
  // What is no "special" scheme to URL keeps a host in capitals and takes an empty one.
  const host = url?.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1') ?? '';
  if (url === null || !/^[a-z0-9._:-]+$/.test(host)) {
    throw new Error(
      `the proxy ${JSON.stringify(safe)} cannot be read: write it as http://user:password@proxy.example:3128`,
    );
  }
  const port = url.port === '' ? DEFAULT_PORTS[scheme] : Number(url.port);
  const isSocks = scheme === 'socks5' || scheme === 'socks5h';
  return {
    kind: isSocks ? 'socks5' : 'http',
    host,
    port,
    secure: scheme === 'https',
    credentials:
      url.username === '' ? null : { user: decodePercent(url.username), password: decodePercent(url.password) },
    shown: `${isSocks ? 'socks5' : scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`,
  };
}

function isProxyScheme(scheme: string): scheme is keyof typeof DEFAULT_PORTS {
  return Object.hasOwn(DEFAULT_PORTS, scheme);
}

/** The value of a Proxy-Authorization header (RFC 7617); null without credentials. */
export function proxyAuthorization({ credentials }: ProxyServer): string | null {
  if (credentials === null) return null;
  return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
}

/** Whether requests to `scheme` name their host to the proxy, which asks for them itself; all else goes through a tunnel. */
export function isForwarded(proxy: ProxyServer, scheme: 'http' | 'https'): boolean {
  return scheme === 'http' && proxy.kind === 'http';
}
