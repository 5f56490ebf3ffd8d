// What the options mean for a connection: read here once, for whatever a module speaks over it.

import type { ProxyServer } from '../addresses/proxy-address.ts';
import type { Options } from '../options/options.ts';
import type { TlsAuth } from '../options/tls-options.ts';
import { Dialer } from '../wire/net/dialer.ts';
import type { ProxyRoute } from '../wire/net/proxy.ts';
import { ProxyRules } from '../wire/net/proxy-rules.ts';
import type { TargetSettings } from '../wire/net/target-rules.ts';
import type { TlsParams } from '../wire/net/tls-params.ts';

/** A proxy is spoken to in HTTP/1.1. */
const PROXY_PROTOCOLS = ['http/1.1'] as const;

/** The network of a load worker. Made anew when the options are final. */
export class Network {
  /** Knows `hosts`, `dns`, `blacklistIPs`, `blockHostnames` and `localIPs`, and the rules of targets. */
  readonly dialer: Dialer;
  /** Whether there is something that must not be contacted. */
  readonly isGuarded: boolean;
  readonly #options: Options;
  readonly #proxies: ProxyRules;
  readonly #routes = new Map<ProxyServer, ProxyRoute>();
  /** By the protocols offered and the host: one object each, so that comparing it is cheap. */
  readonly #tls = new Map<readonly string[], Map<string, TlsParams>>();

  /**
   * @param targets where the run may connect to, whatever its options say; null: there are no such rules
   * @param onKeys told the keys of TLS connections, a line of a key log each
   * @throws Error that says which option cannot be read
   */
  constructor(options: Options, targets: TargetSettings | null = null, onKeys: ((line: Buffer) => void) | null = null) {
    this.#options = options;
    this.isGuarded = options.blockHostnames.length > 0 || options.blacklistIPs.length > 0 || targets !== null;
    this.#proxies = new ProxyRules(options.proxies);
    this.dialer = new Dialer({ ...options, targets, onKeys });
  }

  /**
   * Which of the local addresses a virtual user dials from; undefined where the system picks. They are this machine's, so its
   * virtual users take turns by their numbers on it (k6 page "Options reference", `local-ips`).
   */
  localAddressOf(vu: { readonly idInInstance: number }): number | undefined {
    return this.#options.localIPs.length === 0 ? undefined : Math.max(0, vu.idInInstance - 1);
  }

  /**
   * What a connection goes through; null: straight to the host.
   * @param scheme whose proxy it is; those of WebSockets are `http` for `ws:` and `https` for `wss:`
   * @param host IPv6 without brackets
   */
  proxyFor(scheme: 'http' | 'https', host: string, port: number): ProxyRoute | null {
    const proxy = this.#proxies.find(scheme, host, port);
    if (proxy === null) return null;
    let route = this.#routes.get(proxy);
    if (route === undefined) {
      route = { ...proxy, tls: proxy.secure ? this.tlsFor(proxy.host, PROXY_PROTOCOLS) : null };
      this.#routes.set(proxy, route);
    }
    return route;
  }

  /**
   * What to dial TLS with, client certificate included.
   * @param host the name that the certificate of the server is for
   * @param alpn the protocols to offer, best first: the same list each time
   */
  tlsFor(host: string, alpn: readonly string[]): TlsParams {
    let byHost = this.#tls.get(alpn);
    if (byHost === undefined) this.#tls.set(alpn, (byHost = new Map()));
    let params = byHost.get(host);
    if (params === undefined) {
      const auth = findTlsAuth(this.#options.tlsAuth, host);
      params = {
        ...this.tlsWithoutCertificate(alpn),
        ...(auth === null ? {} : { cert: auth.cert, key: auth.key }),
        ...(auth?.password == null ? {} : { password: auth.password }),
      };
      byHost.set(host, params);
    }
    return params;
  }

  /** As {@link tlsFor}, for those who bring a client certificate of their own. */
  tlsWithoutCertificate(alpn: readonly string[]): TlsParams {
    const { insecureSkipTLSVerify, tlsVersion, tlsCipherSuites } = this.#options;
    return {
      alpn,
      rejectUnauthorized: !insecureSkipTLSVerify,
      ...(tlsVersion.min === null ? {} : { minVersion: tlsVersion.min }),
      ...(tlsVersion.max === null ? {} : { maxVersion: tlsVersion.max }),
      ...(tlsCipherSuites === null ? {} : { ciphers: tlsCipherSuites }),
    };
  }
}

/** The client certificate for a host: one that names it, else one that names none. Names have no case (RFC 4343). */
function findTlsAuth(all: readonly TlsAuth[], host: string): TlsAuth | null {
  const lower = host.toLowerCase();
  const matches = (domain: string): boolean =>
    domain.startsWith('*.') ? lower.endsWith(domain.slice(1).toLowerCase()) : domain.toLowerCase() === lower;
  return all.find(({ domains }) => domains.some(matches)) ?? all.find(({ domains }) => domains.length === 0) ?? null;
}
