import type { SecureContext, SecureVersion } from 'node:tls';
import { toOpensslCiphers } from './cipher-suites.ts';
import { nodeTls } from './node-tls.ts';

/** What a TLS connection is made with. Plain data; two equal ones may share a connection. */
export interface TlsParams {
  /** The name for SNI and for the check of the certificate, when it is not the host that is dialled. */
  serverName?: string;
  /** Protocols to offer, best first: `h2`, `http/1.1`. */
  alpn: readonly string[];
  /** PEM certificates to trust instead of the system's. */
  ca?: readonly string[];
  cert?: string;
  key?: string;
  password?: string;
  rejectUnauthorized: boolean;
  minVersion?: SecureVersion;
  maxVersion?: SecureVersion;
  /** Go's names of cipher suites; those of TLS 1.3 cannot be chosen, as in Go. */
  ciphers?: readonly string[];
}

let authorities: string[] | null = null;

/** Node's list and the system's (which SSL_CERT_FILE and SSL_CERT_DIR can name), as k6 trusts what the system trusts. */
export function trustedAuthorities(): string[] {
  const { getCACertificates } = nodeTls();
  authorities ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return authorities;
}

const contexts = new Map<string, SecureContext>();

/** A string that is equal for parameters that may share a connection and a context. */
export function tlsIdentity(params: TlsParams): string {
  return JSON.stringify([
    params.serverName,
    params.alpn,
    params.ca,
    params.cert,
    params.key,
    params.password,
    params.rejectUnauthorized,
    params.minVersion,
    params.maxVersion,
    params.ciphers,
  ]);
}

/**
 * OpenSSL's context for the parameters; made once and shared by all connections of this thread, since making one parses
 * the whole list of trusted authorities.
 * @throws Error when a certificate, key, password or cipher suite is not usable
 */
export function secureContextFor(params: TlsParams): SecureContext {
  const { ca, cert, key, password, minVersion, maxVersion, ciphers } = params;
  const identity = JSON.stringify([
    params.rejectUnauthorized,
    ca,
    cert,
    key,
    password,
    minVersion,
    maxVersion,
    ciphers,
  ]);
  const cached = contexts.get(identity);
  if (cached !== undefined) return cached;
  const cipherText = toOpensslCiphers(ciphers, minVersion);
  const context = nodeTls().createSecureContext({
    ...(ca !== undefined ? { ca: [...ca] } : params.rejectUnauthorized ? { ca: trustedAuthorities() } : {}),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(password === undefined ? {} : { passphrase: password }),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ...(cipherText === undefined ? {} : { ciphers: cipherText }),
  });
  contexts.set(identity, context);
  return context;
}

/** Node's `TLSv1.3` as k6 writes it: `tls1.3`. */
export function toVersionName(protocol: string | null): string {
  switch (protocol) {
    case 'TLSv1':
      return 'tls1.0';
    case 'TLSv1.1':
      return 'tls1.1';
    case 'TLSv1.2':
      return 'tls1.2';
    case 'TLSv1.3':
      return 'tls1.3';
    default:
      return '';
  }
}
