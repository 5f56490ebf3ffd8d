// What is said to proxies, and which requests they make themselves.
import { basicAuthorization } from '../../addresses/credentials.ts';
import type { ProxyServer } from '../../addresses/proxy-address.ts';
import type { TlsParams } from './tls-params.ts';

/** A proxy as a connection is dialled through it. */
export interface ProxyRoute extends ProxyServer {
  /** What to dial a secure proxy with. */
  readonly tls: TlsParams | null;
}

/** The value of a Proxy-Authorization header; null without credentials. */
export function proxyAuthorization({ credentials }: ProxyServer): string | null {
  return credentials === null ? null : basicAuthorization(credentials);
}

/** Whether requests to `scheme` name their host to the proxy, which asks for them itself; all else goes through a tunnel. */
export function isForwarded(proxy: ProxyServer, scheme: 'http' | 'https'): boolean {
  return scheme === 'http' && proxy.kind === 'http';
}
