import type { ByteMeter } from './byte-meter.ts';
import type { ProxyRoute } from './proxy.ts';
import type { TlsParams } from './tls-params.ts';

export interface DialRequest {
  /** A name or an address; IPv6 without brackets. */
  host: string;
  port: number;
  /** Null for a plain connection. */
  tls: TlsParams | null;
  /** For look-up, connecting and handshake together. */
  timeoutMs: number;
  meter: ByteMeter;
  /** Which of the local addresses to use (a virtual user's number, from 0). */
  localAddressIndex?: number | undefined;
  /** Connects even where the peer's certificate cannot be trusted, and says so in {@link Connection.peer}: to look at it. */
  inspect?: boolean;
  signal?: AbortSignal;
  /** What to go through; without it straight to the host. */
  proxy?: ProxyRoute | null;
  /** The proxy itself is spoken to, in requests that name their host: there is no tunnel. */
  forwards?: boolean;
}

/** A dial in progress. */
export interface Dialing {
  /** Gives up; nothing is called back afterwards. */
  cancel(): void;
}
