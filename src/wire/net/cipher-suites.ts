// Cipher suites: k6 names them as Go does, Node as OpenSSL does.
import type { SecureVersion } from 'node:tls';
import { nodeTls } from './node-tls.ts';

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

/** Every suite that a script may name, by Go's names. */
export const CIPHER_SUITES: readonly string[] = [...Object.keys(OPENSSL_NAMES), ...TLS13_NAMES];

/**
 * The `ciphers` text for OpenSSL from Go's names.
 * @throws Error for a name that Go does not know; suites that this OpenSSL is built without are left out
 */
export function toOpensslCiphers(names: readonly string[] | undefined, minVersion?: SecureVersion): string | undefined {
  const old = minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
  // Versions before 1.2 sign with SHA-1, which OpenSSL admits at security level 0 only.
  if (names === undefined || names.length === 0) return old ? `${nodeTls().DEFAULT_CIPHERS}:@SECLEVEL=0` : undefined;
  const known = new Set(nodeTls().getCiphers());
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
