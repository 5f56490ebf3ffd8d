import { isIP } from 'node:net';
import type { Connection } from './connection.ts';
import { DialAttempt } from './dial-attempt.ts';
import type { Dialing, DialRequest } from './dial-request.ts';
import { BlockedHostnames, HostMap } from './host-patterns.ts';
import { IpRanges, LocalAddresses } from './ip-range.ts';
import { nodeTls } from './node-tls.ts';
import { type DnsOptions, Resolver } from './resolver.ts';
import { TargetRules, type TargetSettings } from './target-rules.ts';
import { WireError } from './wire-error.ts';

export type { Dialing, DialRequest };

/** The network options of a test, as plain data. Every field may be left out. */
export interface DialerOptions {
  /** `host` or `host:port`, perhaps with a leading `*.`, to `ip` or `ip:port`. */
  hosts?: Readonly<Record<string, string>> | null;
  /** A `ttlMs` of null keeps answers for ever. */
  dns?: (Partial<Omit<DnsOptions, 'ttlMs'>> & { ttlMs?: number | null }) | null;
  /** CIDRs that must not be contacted. */
  blacklistIPs?: readonly string[] | null;
  blockHostnames?: readonly string[] | null;
  /** Source addresses: addresses, ranges `a-b`, CIDRs. */
  localIPs?: readonly string[] | null;
  /** Told the keys of TLS connections, a line of a key log each. */
  onKeys?: ((line: Buffer) => void) | null;
  /** What whoever lets the test run says: none of its options. */
  targets?: TargetSettings | null;
}

/** Where to connect to. */
export interface Place {
  readonly ip: string;
  readonly port: number;
}

/** Makes connections for everything that has a wire: name look-up, block lists, TCP, TLS. One per load worker. */
export class Dialer {
  readonly #hosts: HostMap;
  readonly #blockedNames: BlockedHostnames;
  readonly #blockedIps: IpRanges;
  readonly #targets: TargetRules | null;
  readonly #localIps: LocalAddresses;
  readonly #resolver: Resolver;
  readonly #onKeys: ((line: Buffer) => void) | null;

  /** @throws Error that says which option cannot be read; scripts with such options must not start */
  constructor(options: DialerOptions = {}) {
    this.#hosts = new HostMap(options.hosts ?? {});
    this.#blockedNames = new BlockedHostnames(options.blockHostnames ?? []);
    this.#blockedIps = new IpRanges(options.blacklistIPs ?? []);
    this.#targets = options.targets == null ? null : new TargetRules(options.targets);
    this.#onKeys = options.onKeys ?? null;
    this.#localIps = new LocalAddresses(options.localIPs ?? []);
    this.#resolver = new Resolver({
      ttlMs: options.dns?.ttlMs === null ? Number.POSITIVE_INFINITY : (options.dns?.ttlMs ?? 300_000),
      select: options.dns?.select ?? 'random',
      policy: options.dns?.policy ?? 'preferIPv4',
    });
  }

  /** Dials; rejects with a {@link WireError} of the 1100s, 1200s or 1300s, or 1030 when the signal aborted. */
  dial(request: DialRequest): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const { signal } = request;
      if (signal?.aborted === true) {
        reject(new WireError(1030, 'dial: cancelled'));
        return;
      }
      const onAbort = (): void => {
        dialing.cancel();
        reject(new WireError(1030, 'dial: cancelled'));
      };
      const dialing = this.start(request, (error, connection) => {
        signal?.removeEventListener('abort', onAbort);
        if (connection !== null) resolve(connection);
        else reject(error);
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** As {@link dial}, by callback: what must not wait for a microtask, or wants to give up without an AbortSignal. */
  start(request: DialRequest, done: (error: WireError | null, connection: Connection | null) => void): Dialing {
    // Not while a phase is measured.
    if (request.tls !== null || request.proxy?.secure === true) nodeTls();
    const attempt = new DialAttempt(request, done, this.#onKeys);
    const localAddress = this.localAddress(request.localAddressIndex);
    const asked = performance.now();
    let isAsking = false;
    const { host, port } = request.proxy ?? request;
    const refusal = request.proxy == null ? null : this.refuseBehindProxy(request.host, request.port);
    if (refusal !== null) {
      attempt.refuse(refusal);
      return attempt;
    }
    this.locate(host, port, (found) => {
      if (isAsking) attempt.connection.marks.lookupMs = performance.now() - asked;
      if (found instanceof WireError) attempt.fail(found);
      else attempt.connect(found.ip, found.port, localAddress);
    });
    isAsking = true;
    return attempt;
  }

  /**
   * Where a host is, by the options and rules: names that are blocked, `hosts`, look-up, addresses that must not be contacted. For what
   * is spoken over other sockets than those that {@link dial} makes.
   * @param done called back at once where nobody has to be asked; an error is of the 1100s
   * @param preferred the family to prefer, where the options admit both
   */
  locate(host: string, port: number, done: (found: Place | WireError) => void, preferred?: 4 | 6): void {
    const mapped = this.#hosts.find(host, port);
    const refusal = this.#refuseName(host) ?? this.#targets?.refuseHost(host, port, mapped !== null) ?? null;
    if (refusal !== null) {
      done(refusal);
      return;
    }
    const name = mapped !== null || isIP(host) !== 0 ? null : host;
    const admit = (ip: string, at: number): void =>
      done(this.#refuseAddress(ip) ?? this.#targets?.refuseAddress(name, ip, at) ?? { ip, port: at });
    if (mapped !== null) admit(mapped.ip, mapped.port === 0 ? port : mapped.port);
    else if (isIP(host) !== 0) admit(host, port);
    else {
      const answer = (error: WireError | null, address: string): void => {
        if (error !== null) done(error);
        else admit(address, port);
      };
      this.#resolver.resolve(host, answer, preferred);
    }
  }

  /**
   * Whose name a proxy is to resolve cannot be judged by its address, unless it is one. To be asked for each request that goes over a
   * connection which a proxy uses for several hosts.
   * @returns why it must not be contacted; null: it may
   */
  refuseBehindProxy(host: string, port: number): WireError | null {
    const refusal = this.#refuseName(host) ?? (isIP(host) === 0 ? null : this.#refuseAddress(host));
    return refusal ?? this.#targets?.refuseBehindProxy(host, port) ?? null;
  }

  #refuseName(host: string): WireError | null {
    const blocked = this.#blockedNames.find(host);
    return blocked === null ? null : new WireError(1111, `hostname (${host}) is in a blocked pattern (${blocked})`);
  }

  #refuseAddress(ip: string): WireError | null {
    const range = this.#blockedIps.find(ip);
    return range === null ? null : new WireError(1110, `IP (${ip}) is in a blacklisted range (${range})`);
  }

  /** The source address for a virtual user's number; undefined: the system chooses. */
  localAddress(index: number | undefined): string | undefined {
    return index === undefined ? undefined : this.#localIps.at(index);
  }
}
