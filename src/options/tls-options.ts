// Options about TLS: k6 names versions as Go does, Node as OpenSSL does.
import { createSecureContext } from 'node:tls';
import type { TlsAuth, TlsVersion } from './options.ts';

/** Versions as scripts name them. */
export const TLS_VERSIONS: Readonly<Record<string, TlsVersion>> = {
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
};

/** @throws Error when the certificate, its key and its password don't fit together */
export function checkTlsAuth({ cert, key, password }: TlsAuth, index: number): void {
  try {
    createSecureContext({ cert, key, ...(password === null ? {} : { passphrase: password }) });
  } catch (error) {
    throw new Error(`tlsAuth[${index}] cannot be used: ${(error as Error).message}`);
  }
}
