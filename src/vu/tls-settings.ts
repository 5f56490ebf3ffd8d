// How the options of a test want TLS to be spoken, whatever the protocol above it.
import type { Options } from '../options/options.ts';
import type { TlsParams } from '../wire/net/tls-params.ts';

/**
 * @param host the name that the server's certificate is for: `tlsAuth` may have a certificate for its domain
 * @returns what to dial with, but for the protocols that are offered
 */
export function tlsSettingsFor(options: Options, host: string): Omit<TlsParams, 'alpn'> {
  const { insecureSkipTLSVerify, tlsVersion, tlsCipherSuites } = options;
  const auth = findTlsAuth(options, host);
  return {
    rejectUnauthorized: !insecureSkipTLSVerify,
    ...(tlsVersion.min === null ? {} : { minVersion: tlsVersion.min }),
    ...(tlsVersion.max === null ? {} : { maxVersion: tlsVersion.max }),
    ...(tlsCipherSuites === null ? {} : { ciphers: tlsCipherSuites }),
    ...(auth === undefined ? {} : { cert: auth.cert, key: auth.key }),
    ...(auth?.password == null ? {} : { password: auth.password }),
  };
}

/** The client certificate that is meant for a host: one for its domain, else one for all. */
export function findTlsAuth({ tlsAuth }: Options, host: string): Options['tlsAuth'][number] | undefined {
  const lower = host.toLowerCase();
  const matches = (domain: string): boolean =>
    domain.startsWith('*.') ? lower.endsWith(domain.slice(1)) : domain.toLowerCase() === lower;
  return tlsAuth.find(({ domains }) => domains.some(matches)) ?? tlsAuth.find(({ domains }) => domains.length === 0);
}
