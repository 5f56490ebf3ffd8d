// For tests: a server that performs the handshake, or another answer, and leaves the rest to the test; and our side on a real socket.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { Dialer } from '../net/dialer.ts';
import type { WireError } from '../net/wire-error.ts';
import { Opening } from './dial-websocket.ts';
import type { Agreement } from './handshake.ts';
import { HANDSHAKE_GUID } from './protocol.ts';
import { type SocketEnd, WebSocketConnection } from './websocket-connection.ts';

/** The `Sec-WebSocket-Accept` for a request's head. */
export function acceptFor(request: string): string {
  const key = /^sec-websocket-key: (.*)\r$/im.exec(request)?.[1] ?? '';
  return createHash('sha1')
    .update(key + HANDSHAKE_GUID)
    .digest('base64');
}

/** What a server agrees with, and takes the compression that is offered. */
export function agree(request: string): string {
  const extension = /^sec-websocket-extensions: (.*)\r$/im.exec(request)?.[1];
  const lines = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${acceptFor(request)}`];
  if (extension !== undefined) lines.push(`Sec-WebSocket-Extensions: ${extension}`);
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`;
}

export class ScriptedServer {
  readonly port: number;
  /** The head of a request; what it returns is sent. */
  onRequest: (request: string, socket: net.Socket) => string = agree;
  /** The handshake has been answered. */
  onSocket: (socket: net.Socket) => void = () => {};
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(server: net.Server) {
    this.#server = server;
    this.port = (server.address() as net.AddressInfo).port;
    server.on('connection', (socket: net.Socket) => {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      let request = '';
      const read = (chunk: Buffer): void => {
        request += chunk.toString('latin1');
        if (!request.includes('\r\n\r\n')) return;
        socket.off('data', read);
        const answer = this.onRequest(request, socket);
        if (answer !== '') socket.write(answer, 'latin1');
        this.onSocket(socket);
      };
      socket.on('data', read);
    });
  }

  static async start(): Promise<ScriptedServer> {
    const server = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  get connections(): number {
    return this.#sockets.size;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

export interface TestSocketOptions {
  readonly compression?: boolean;
  /** Over TLS, whatever the certificate. */
  readonly secure?: boolean;
  readonly messageOctets?: number;
  readonly closeMs?: number;
  readonly lingerMs?: number;
  readonly timeoutMs?: number;
  readonly protocols?: readonly string[];
  readonly headers?: readonly (readonly [string, string])[];
  readonly onEvent?: (event: string, socket: WebSocketConnection) => void;
  readonly onMessage?: (data: string | Buffer, socket: WebSocketConnection) => void;
}

export interface TestSocket {
  readonly opened: Promise<{ agreement: Agreement; socket: WebSocketConnection }>;
  readonly ended: Promise<SocketEnd>;
  readonly opening: Opening;
}

/** Opens a WebSocket of ours to 127.0.0.1. Rejects with the WireError where there is none. */
export function openSocket(port: number, options: TestSocketOptions = {}): TestSocket {
  const opened = Promise.withResolvers<{ agreement: Agreement; socket: WebSocketConnection }>();
  const ended = Promise.withResolvers<SocketEnd>();
  const { onEvent = () => {}, onMessage } = options;
  const opening = new Opening(
    {
      authority: `127.0.0.1:${port}`,
      path: '/',
      headers: options.headers ?? [],
      protocols: options.protocols ?? [],
      compression: options.compression ?? false,
      dialer: new Dialer(),
      dial: {
        host: '127.0.0.1',
        port,
        tls: options.secure ? { alpn: ['http/1.1'], rejectUnauthorized: false } : null,
        timeoutMs: options.timeoutMs ?? 30_000,
        meter: { sent: 0, received: 0 },
      },
    },
    {
      onOpen(agreement, connection) {
        const limits = {
          messageOctets: options.messageOctets ?? 1 << 20,
          closeMs: options.closeMs ?? 10_000,
          lingerMs: options.lingerMs ?? 10_000,
        };
        const socket: WebSocketConnection = new WebSocketConnection(connection, agreement.compression, limits, {
          onMessage(data) {
            onEvent(typeof data === 'string' ? `text ${Buffer.byteLength(data)}` : `binary ${data.length}`, socket);
            onMessage?.(data, socket);
          },
          onPing: (payload) => onEvent(`ping ${payload.length}`, socket),
          onPong: (payload) => onEvent(`pong ${payload.length}`, socket),
          onEnd: ended.resolve,
        });
        opened.resolve({ agreement, socket });
        socket.start(agreement.rest);
      },
      onFailed(error: WireError) {
        opened.reject(error);
        ended.reject(error);
      },
    },
  );
  // Who waits for one of the two need not wait for the other.
  opened.promise.catch(() => {});
  ended.promise.catch(() => {});
  return { opened: opened.promise, ended: ended.promise, opening };
}

export interface ClientFrame {
  readonly first: number;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Frames of a client, unmasked. @throws Error for one that is not masked */
export function readClientFrames(bytes: Buffer): ClientFrame[] {
  const frames: ClientFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number;
    const second = bytes[at + 1] as number;
    if ((second & 0x80) === 0) throw new Error('a frame of the client is not masked');
    let length = second & 0x7f;
    at += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at);
      at += 2;
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(at));
      at += 8;
    }
    const key = bytes.subarray(at, at + 4);
    at += 4;
    const payload = Buffer.from(bytes.subarray(at, at + length));
    for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] as number) ^ (key[i % 4] as number);
    at += length;
    frames.push({ first, opcode: first & 0x0f, payload });
  }
  return frames;
}

/** 1005 for a close frame without one; NaN where it is none. */
export function closeCodeOf(frame: ClientFrame | undefined): number {
  if (frame?.opcode !== 8) return Number.NaN;
  return frame.payload.length === 0 ? 1005 : frame.payload.readUInt16BE(0);
}
