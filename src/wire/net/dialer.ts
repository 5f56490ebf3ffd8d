import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ByteMeter } from './byte-meter.ts';
import { type Connection, SocketConnection } from './connection.ts';
import { BlockedHostnames, HostMap } from './host-patterns.ts';
import { IpRanges, LocalAddresses } from './ip-range.ts';
import { nodeTls } from './node-tls.ts';
import { toWireError } from './raw-errors.ts';
import { type DnsOptions, Resolver } from './resolver.ts';
import { type TimerHandle, timerWheel } from './timer-wheel.ts';
import { secureContextFor, type TlsParams, toVersionName } from './tls-params.ts';
import { reportStrayFailure } from './unexpected.ts';
import { WireError } from './wire-error.ts';

const MOST_PORT = 65_535;

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
}

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
}

/** A dial in progress. */
export interface Dialing {
  /** Gives up; nothing is called back afterwards. */
  cancel(): void;
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
  readonly #localIps: LocalAddresses;
  readonly #resolver: Resolver;
  readonly #onKeys: ((line: Buffer) => void) | null;

  /** @throws Error that says which option cannot be read; scripts with such options must not start */
  constructor(options: DialerOptions = {}) {
    this.#hosts = new HostMap(options.hosts ?? {});
    this.#blockedNames = new BlockedHostnames(options.blockHostnames ?? []);
    this.#blockedIps = new IpRanges(options.blacklistIPs ?? []);
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
    if (request.tls !== null) nodeTls();
    const attempt = new DialAttempt(request, done, this.#onKeys);
    const localAddress = this.localAddress(request.localAddressIndex);
    const asked = performance.now();
    let isAsking = false;
    this.locate(request.host, request.port, (found) => {
      if (isAsking) attempt.connection.marks.lookupMs = performance.now() - asked;
      if (found instanceof WireError) attempt.fail(found);
      else attempt.connect(found.ip, found.port, localAddress);
    });
    isAsking = true;
    return attempt;
  }

  /**
   * Where a host is, by the options: names that are blocked, `hosts`, look-up, addresses that must not be contacted. For what is
   * spoken over other sockets than those that {@link dial} makes.
   * @param done called back at once where nobody has to be asked; an error is of the 1100s
   */
  locate(host: string, port: number, done: (found: Place | WireError) => void): void {
    const blocked = this.#blockedNames.find(host);
    if (blocked !== null) {
      done(new WireError(1111, `hostname (${host}) is in a blocked pattern (${blocked})`));
      return;
    }
    const admit = (ip: string, at: number): void => {
      const range = this.#blockedIps.find(ip);
      done(range === null ? { ip, port: at } : new WireError(1110, `IP (${ip}) is in a blacklisted range (${range})`));
    };
    const mapped = this.#hosts.find(host, port);
    if (mapped !== null) admit(mapped.ip, mapped.port === 0 ? port : mapped.port);
    else if (isIP(host) !== 0) admit(host, port);
    else {
      this.#resolver.resolve(host, (error, address) => {
        if (error !== null) done(error);
        else admit(address, port);
      });
    }
  }

  /** The source address for a virtual user's number; undefined: the system chooses. */
  localAddress(index: number | undefined): string | undefined {
    return index === undefined ? undefined : this.#localIps.at(index);
  }
}

/** One dial: whichever of success, failure, deadline and cancelling comes first decides. */
class DialAttempt implements Dialing {
  readonly connection: SocketConnection;
  readonly #request: DialRequest;
  readonly #done: (error: WireError | null, connection: Connection | null) => void;
  readonly #onKeys: ((line: Buffer) => void) | null;
  readonly #timer: TimerHandle;
  #socket: Socket | null = null;
  #phase: 'lookup' | 'dial' | 'tls' = 'lookup';
  #over = false;
  #began = 0;
  #connected = 0;

  constructor(
    request: DialRequest,
    done: (error: WireError | null, connection: Connection | null) => void,
    onKeys: ((line: Buffer) => void) | null,
  ) {
    this.#request = request;
    this.#done = done;
    this.#onKeys = onKeys;
    this.connection = new SocketConnection(request.meter);
    this.#timer = timerWheel.schedule(request.timeoutMs, () => this.#expire());
  }

  cancel(): void {
    if (this.#over) return;
    this.#finish();
    this.#socket?.destroy();
  }

  fail(error: WireError): void {
    if (this.#over) return;
    this.#finish();
    this.#socket?.destroy();
    this.#tell(error, null);
  }

  /** What waits for a dial is called from a socket's event: its exceptions are nobody else's to catch. */
  #tell(error: WireError | null, connection: Connection | null): void {
    try {
      this.#done(error, connection);
    } catch (thrown) {
      connection?.destroy();
      reportStrayFailure(thrown);
    }
  }

  #finish(): void {
    this.#over = true;
    timerWheel.cancel(this.#timer);
  }

  #expire(): void {
    const verdicts = {
      lookup: [1102, 'lookup: i/o timeout'],
      dial: [1211, 'dial: i/o timeout'],
      tls: [1323, 'tls: handshake timeout'],
    } as const;
    const [code, message] = verdicts[this.#phase];
    this.fail(new WireError(code, message));
  }

  connect(ip: string, port: number, localAddress: string | undefined): void {
    if (this.#over) return;
    if (port > MOST_PORT) {
      const kind = 'dial: invalid port';
      this.fail(new WireError(1210, `${kind} ${port} (ports go up to ${MOST_PORT})`, { kind }));
      return;
    }
    this.#phase = 'dial';
    this.#began = performance.now();
    this.connection.remoteAddress = ip;
    this.connection.remotePort = port;
    const options = {
      host: ip,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      autoSelectFamily: false,
      onread: this.connection.onread,
      ...(localAddress === undefined ? {} : { localAddress }),
    };
    const { tls } = this.#request;
    try {
      if (tls === null) this.#connectPlain(connectTcp(options));
      else this.#connectSecure(options, tls);
    } catch (error) {
      this.fail(toWireError(error, tls === null ? 'dial' : 'tls'));
    }
  }

  #watch(socket: Socket, secure: boolean): void {
    this.#socket = socket;
    this.connection.attach(socket, secure);
    socket.on('error', (error) => this.fail(toWireError(error, this.#phase)));
    socket.on('close', () => this.fail(new WireError(1040, 'EOF while connecting')));
    socket.once('connect', () => {
      this.#connected = performance.now();
      this.connection.marks.connectMs = this.#connected - this.#began;
      if (secure) {
        this.#phase = 'tls';
        this.connection.watchRaw();
      }
    });
  }

  #connectPlain(socket: Socket): void {
    this.#watch(socket, false);
    socket.once('connect', () => this.#succeed());
  }

  #connectSecure(options: object, tls: TlsParams): void {
    const name = tls.serverName ?? this.#request.host;
    const socket = nodeTls().connect({
      ...options,
      // An address has no SNI (RFC 6066 section 3).
      servername: isIP(name) === 0 ? name : '',
      secureContext: secureContextFor(tls),
      ...(tls.alpn.length > 0 ? { ALPNProtocols: [...tls.alpn] } : {}),
      // We judge the certificate ourselves below, since Node stops at the first of several faults.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    if (this.#onKeys !== null) socket.on('keylog', this.#onKeys);
    this.#watch(socket, true);
    socket.once('secureConnect', () => {
      this.connection.marks.tlsMs = performance.now() - this.#connected;
      const fault = tls.rejectUnauthorized ? judgeCertificate(socket, name) : null;
      if (fault !== null && this.#request.inspect !== true) {
        this.fail(fault);
        return;
      }
      if (this.#request.inspect === true) {
        const certificate = socket.getPeerX509Certificate();
        if (certificate !== undefined) this.connection.peer = { certificate, fault };
      }
      const cipher = socket.getCipher();
      this.connection.tls = { version: toVersionName(socket.getProtocol()), cipher: cipher.standardName };
      this.connection.alpn = typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null;
      this.#succeed();
    });
  }

  #succeed(): void {
    if (this.#over) return;
    this.#finish();
    this.connection.ready = true;
    this.#tell(null, this.connection);
  }
}

/** The fault of the peer's certificate that Go would name first: out of its time, another name, unknown authority. */
function judgeCertificate(socket: TLSSocket, name: string): WireError | null {
  const raw: unknown = socket.authorizationError;
  const code = raw instanceof Error ? String((raw as NodeJS.ErrnoException).code) : String(raw ?? '');
  const fault = code === '' || code === 'null' ? null : toWireError({ code, message: code }, 'tls');
  if (fault !== null && fault.code >= 1312) return fault;
  const mismatch = nodeTls().checkServerIdentity(name, socket.getPeerCertificate());
  return mismatch === undefined ? fault : toWireError(mismatch, 'tls');
}
