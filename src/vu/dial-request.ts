import type { DialRequest } from '../wire/net/dialer.ts';
import type { VirtualUser } from './virtual-user.ts';

/** Whom to dial. */
export interface DialTarget {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** Protocols to offer over TLS, best first: the same list each time. */
  readonly alpn?: readonly string[];
  /** Goes through the proxy of `http:` or `https:`, where one is named: what is spoken is HTTP, at least to begin with. */
  readonly mayBeProxied?: boolean;
  /** For look-up, connecting and handshake together. */
  readonly timeoutMs: number;
}

const NO_PROTOCOLS: readonly string[] = [];

/** What a virtual user dials with: its bytes are counted, its local address and the options' TLS settings are used. */
export function createDialRequest(vu: VirtualUser, target: DialTarget): DialRequest {
  const { host, port, secure, alpn, timeoutMs, mayBeProxied = false } = target;
  const { network } = vu.environment;
  return {
    host,
    port,
    tls: secure ? network.tlsFor(host, alpn ?? NO_PROTOCOLS) : null,
    timeoutMs,
    meter: vu.meter,
    localAddressIndex: network.localAddressOf(vu),
    proxy: mayBeProxied ? network.proxyFor(secure ? 'https' : 'http', host, port) : null,
  };
}
