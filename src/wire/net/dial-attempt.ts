import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { type Connection, SocketConnection } from './connection.ts';
import type { Dialing, DialRequest } from './dial-request.ts';
import { nodeTls } from './node-tls.ts';
import type { ProxyRoute } from './proxy.ts';
import { toWireError } from './raw-errors.ts';
import { type TimerHandle, timerWheel } from './timer-wheel.ts';
import { secureContextFor, type TlsParams, toVersionName } from './tls-params.ts';
import { openTunnel } from './tunnel.ts';
import { reportStrayFailure } from './unexpected.ts';
import { WireError } from './wire-error.ts';

const MOST_PORT = 65_535;

/** How a socket is made, whatever is spoken on it. */
interface TcpOptions {
  host: string;
  port: number;
  noDelay: boolean;
  keepAlive: boolean;
  keepAliveInitialDelay: number;
  autoSelectFamily: boolean;
  localAddress?: string;
}

/** One dial: whichever of success, failure, deadline and cancelling comes first decides. */
export class DialAttempt implements Dialing {
  readonly connection: SocketConnection;
  readonly #request: DialRequest;
  readonly #done: (error: WireError | null, connection: Connection | null) => void;
  readonly #onKeys: ((line: Buffer) => void) | null;
  readonly #timer: TimerHandle;
  #socket: Socket | null = null;
  #phase: 'lookup' | 'dial' | 'tls' = 'lookup';
  /** The proxy that is being reached: until it lets us through, what fails is its doing. */
  #proxy: ProxyRoute | null;
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
    this.#proxy = request.proxy ?? null;
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
    this.#tell(this.#proxy === null ? error : blameProxy(error, this.#proxy), null);
  }

  /** Fails before anything was contacted. */
  refuse(error: WireError): void {
    this.#proxy = null;
    this.fail(error);
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
    const options: TcpOptions = {
      host: ip,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      autoSelectFamily: false,
      ...(localAddress === undefined ? {} : { localAddress }),
    };
    const { tls, forwards = false } = this.#request;
    const proxy = this.#proxy;
    try {
      if (proxy === null) this.#connect(options, tls, tls?.serverName ?? this.#request.host);
      else if (forwards) this.#connect(options, proxy.tls, proxy.host);
      else this.#tunnel(options, proxy);
    } catch (error) {
      this.fail(toWireError(error, tls === null ? 'dial' : 'tls'));
    }
  }

  #connect(options: TcpOptions, tls: TlsParams | null, name: string): void {
    // Node's types do not know that `onread` holds for TLS too.
    const reading: object = { onread: this.connection.onread };
    const socket =
      tls === null
        ? connectTcp({ ...options, ...reading })
        : nodeTls().connect({ ...options, ...tlsOptions(tls, name), ...reading });
    this.connection.attach(socket, tls !== null);
    this.#watch(socket);
    socket.once('connect', () => {
      this.#connected = performance.now();
      this.connection.marks.connectMs = this.#connected - this.#began;
      if (tls === null) this.#succeed();
      else {
        this.#phase = 'tls';
        this.connection.watchRaw();
      }
    });
    if (tls !== null) this.#shakeHands(socket as TLSSocket, tls, name);
  }

  /** Connects to the proxy and has it connect to the target, by sockets that the connection only takes over when that is done. */
  #tunnel(options: TcpOptions, proxy: ProxyRoute): void {
    const socket =
      proxy.tls === null
        ? connectTcp(options)
        : nodeTls().connect({ ...options, ...tlsOptions(proxy.tls, proxy.host) });
    this.#socket = socket;
    const onError = (error: Error): void => this.fail(toWireError(error, this.#phase));
    const onClose = (): void => this.fail(new WireError(1232, 'it closed the connection'));
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.once('connect', () => {
      this.connection.marks.connectMs = performance.now() - this.#began;
      if (proxy.tls !== null) this.#phase = 'tls';
    });
    socket.once(proxy.tls === null ? 'connect' : 'secureConnect', () => {
      this.#phase = 'dial';
      const fault = proxy.tls?.rejectUnauthorized ? judgeCertificate(socket as TLSSocket, proxy.host) : null;
      if (fault !== null) {
        this.fail(fault);
        return;
      }
      openTunnel(socket, proxy, this.#request, (error) => {
        if (this.#over) return;
        if (error !== null) {
          this.fail(error);
          return;
        }
        this.#proxy = null;
        socket.removeListener('close', onClose);
        // An error of the socket below shows at the one above too; nobody else listens here.
        this.#goThrough(socket);
      });
    });
  }

  #goThrough(through: Socket): void {
    const { tls, host } = this.#request;
    this.#connected = performance.now();
    if (tls === null) {
      this.connection.takeOver(through);
      through.resume();
      this.#succeed();
      return;
    }
    this.#phase = 'tls';
    try {
      const name = tls.serverName ?? host;
      const socket = nodeTls().connect({ socket: through, ...tlsOptions(tls, name) });
      this.connection.takeOver(socket);
      this.connection.watchRaw();
      this.#watch(socket);
      this.#shakeHands(socket, tls, name);
    } catch (error) {
      this.fail(toWireError(error, 'tls'));
    }
  }

  #watch(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  readonly #onError = (error: Error): void => this.fail(toWireError(error, this.#phase));
  readonly #onClose = (): void => this.fail(new WireError(1040, 'EOF while connecting'));

  /** @param name that of the certificate */
  #shakeHands(socket: TLSSocket, tls: TlsParams, name: string): void {
    if (this.#onKeys !== null) socket.on('keylog', this.#onKeys);
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
    // The socket outlives the dial, and would keep all of it: the request that asked for the connection, too.
    this.#socket?.removeListener('error', this.#onError).removeListener('close', this.#onClose);
    this.#tell(null, this.connection);
  }
}

function tlsOptions(tls: TlsParams, name: string): ConnectionOptions {
  return {
    // An address has no SNI (RFC 6066 section 3).
    servername: isIP(name) === 0 ? name : '',
    secureContext: secureContextFor(tls),
    ...(tls.alpn.length > 0 ? { ALPNProtocols: [...tls.alpn] } : {}),
    // We judge the certificate ourselves below, since Node stops at the first of several faults.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  };
}

/** As Go says it: `proxyconnect tcp: dial: connection refused`, and which proxy that was. */
function blameProxy(error: WireError, proxy: ProxyRoute): WireError {
  return new WireError(error.code, `proxyconnect tcp: ${error.message} (${proxy.shown})`, {
    cause: error,
    kind: `proxyconnect tcp: ${error.kind}`,
  });
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
