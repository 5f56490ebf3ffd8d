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
  /** For look-up, connecting and handshake together. */
  readonly timeoutMs: number;
}

const NO_PROTOCOLS: readonly string[] = [];

/** What a virtual user dials with: its bytes are counted, its local address and the options' TLS settings are used. */
export function createDialRequest(vu: VirtualUser, { host, port, secure, alpn, timeoutMs }: DialTarget): DialRequest {
  const { network } = vu.environment;
  return {
    host,
    port,
    tls: secure ? network.tlsFor(host, alpn ?? NO_PROTOCOLS) : null,
    timeoutMs,
    meter: vu.meter,
    localAddressIndex: network.localAddressOf(vu),
  };
}
