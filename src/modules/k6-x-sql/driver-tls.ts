import type { ConnectionOptions } from 'node:tls';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { toOpensslCiphers } from '../../wire/net/cipher-suites.ts';
import { trustedAuthorities } from '../../wire/net/tls-params.ts';

/** Certificates that a connection string names, in PEM. */
export interface OwnCertificates {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** One list for all: what is known of a host is kept by it. */
const NO_ALPN: readonly string[] = [];

/**
 * What the options of the test say about TLS, for drivers that speak it themselves.
 * @param isVerifying whether the connection string asks for a look at the certificate
 */
export function tlsOfDriver(
  vu: VirtualUser,
  host: string,
  isVerifying: boolean,
  own: OwnCertificates = {},
): ConnectionOptions {
  const { network } = vu.environment;
  const { cert, key, password, minVersion, maxVersion, ciphers, rejectUnauthorized } =
    own.cert === undefined ? network.tlsFor(host, NO_ALPN) : network.tlsWithoutCertificate(NO_ALPN);
  const openssl = toOpensslCiphers(ciphers, minVersion);
  return {
    rejectUnauthorized: isVerifying && rejectUnauthorized,
    ...(isVerifying ? { ca: own.ca ?? trustedAuthorities() } : {}),
    ...(cert === undefined ? {} : { cert, key }),
    ...(own.cert === undefined ? {} : { cert: own.cert, key: own.key }),
    ...(password === undefined ? {} : { passphrase: password }),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ...(openssl === undefined ? {} : { ciphers: openssl }),
  };
}
