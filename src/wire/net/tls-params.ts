import {
  createSecureContext,
  DEFAULT_CIPHERS,
  getCACertificates,
  getCiphers,
  type SecureContext,
  type SecureVersion,
} from 'node:tls';

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

const OPENSSL_NAMES: Record<string, string> = {
  TLS_RSA_WITH_RC4_128_SHA: 'RC4-SHA',
  TLS_RSA_WITH_3DES_EDE_CBC_SHA: 'DES-CBC3-SHA',
  TLS_RSA_WITH_AES_128_CBC_SHA: 'AES128-SHA',
  TLS_RSA_WITH_AES_256_CBC_SHA: 'AES256-SHA',
  TLS_RSA_WITH_AES_128_CBC_SHA256: 'AES128-SHA256',
  TLS_RSA_WITH_AES_128_GCM_SHA256: 'AES128-GCM-SHA256',
  TLS_RSA_WITH_AES_256_GCM_SHA384: 'AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_RC4_128_SHA: 'ECDHE-ECDSA-RC4-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 'ECDHE-ECDSA-AES128-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 'ECDHE-ECDSA-AES256-SHA',
  TLS_ECDHE_RSA_WITH_RC4_128_SHA: 'ECDHE-RSA-RC4-SHA',
  TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA: 'ECDHE-RSA-DES-CBC3-SHA',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 'ECDHE-RSA-AES128-SHA',
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 'ECDHE-RSA-AES256-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: 'ECDHE-ECDSA-AES128-SHA256',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256: 'ECDHE-RSA-AES128-SHA256',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305: 'ECDHE-ECDSA-CHACHA20-POLY1305',
};
const TLS13_NAMES = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

/**
 * The `ciphers` text for OpenSSL from Go's names.
 * @throws Error for a name that Go does not know; suites that this OpenSSL is built without are left out
 */
export function toOpensslCiphers(names: readonly string[] | undefined, minVersion?: SecureVersion): string | undefined {
  const old = minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
  // Versions before 1.2 sign with SHA-1, which OpenSSL admits at security level 0 only.
  if (names === undefined || names.length === 0) return old ? `${DEFAULT_CIPHERS}:@SECLEVEL=0` : undefined;
  const known = new Set(getCiphers());
  const chosen = [...TLS13_NAMES];
  for (const name of names) {
    if (TLS13_NAMES.includes(name)) continue;
    const openssl = OPENSSL_NAMES[name];
    if (openssl === undefined) throw new Error(`unknown cipher suite: ${name}`);
    if (known.has(openssl.toLowerCase())) chosen.push(openssl);
  }
  if (old) chosen.push('@SECLEVEL=0');
  return chosen.join(':');
}

let authorities: string[] | null = null;

/** Node's list and the system's (which SSL_CERT_FILE and SSL_CERT_DIR can name), as k6 trusts what the system trusts. */
function trustedAuthorities(): string[] {
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
  const context = createSecureContext({
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
