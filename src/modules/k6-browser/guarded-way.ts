// A way to the network on which the options of the test hold: `hosts`, `dns`, `blockHostnames`, `blacklistIPs`. Chromium knows none of
// them, so it asks this SOCKS proxy (RFC 1928) for each connection, which only looks where to, and hands on what is said.
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Dialer } from '../../wire/net/dialer.ts';
import { WireError } from '../../wire/net/wire-error.ts';

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const COMMAND_CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;
const REPLY = { succeeded: 0, notAllowed: 2, unreachable: 4, refused: 5, unsupported: 7 } as const;

export class GuardedWay {
  readonly #server: Server;
  readonly #dialer: () => Dialer;
  readonly #refused = new Map<string, WireError>();
  #port: Promise<number> | null = null;

  /** @param dialer that of the options in force */
  constructor(dialer: () => Dialer) {
    this.#dialer = dialer;
    this.#server = createServer((socket) => this.#serve(socket)).unref();
  }

  /** @returns the port on 127.0.0.1 on which it takes connections */
  port(): Promise<number> {
    this.#port ??= new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => resolve((this.#server.address() as AddressInfo).port));
    });
    return this.#port;
  }

  /** Why a host was not contacted the last time; null: it was. */
  refusalOf(host: string): WireError | null {
    return this.#refused.get(host.toLowerCase()) ?? null;
  }

  #serve(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    let received = Buffer.alloc(0);
    let isGreeted = false;
    const hear = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      if (!isGreeted) {
        if (received.length < 2 || received.length < 2 + (received[1] as number)) return;
        received = received.subarray(2 + (received[1] as number));
        isGreeted = true;
        socket.write(Buffer.from([VERSION, NO_AUTHENTICATION]));
      }
      const request = readRequest(received);
      if (request === null) return;
      socket.off('data', hear);
      socket.pause();
      if (request.command !== COMMAND_CONNECT) this.#refuse(socket, REPLY.unsupported);
      else this.#open(socket, request.host, request.port);
    };
    socket.on('data', hear);
  }

  #open(socket: Socket, host: string, port: number): void {
    this.#dialer().locate(host, port, (found) => {
      if (found instanceof WireError) {
        this.#refused.set(host.toLowerCase(), found);
        this.#refuse(socket, found.code === 1110 || found.code === 1111 ? REPLY.notAllowed : REPLY.unreachable);
        return;
      }
      const server = connect({ host: found.ip, port: found.port, noDelay: true });
      server.once('error', (error) => {
        const code = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? 1212 : 1210;
        this.#refused.set(host.toLowerCase(), new WireError(code, `dial ${host}:${port}: ${error.message}`));
        if (socket.bytesWritten <= 2) this.#refuse(socket, code === 1212 ? REPLY.refused : REPLY.unreachable);
        else socket.destroy();
      });
      server.once('connect', () => {
        this.#refused.delete(host.toLowerCase());
        socket.write(reply(REPLY.succeeded));
        socket.pipe(server).pipe(socket);
        socket.once('close', () => server.destroy());
      });
      socket.once('close', () => server.destroy());
    });
  }

  #refuse(socket: Socket, status: number): void {
    socket.end(reply(status));
  }
}

function reply(status: number): Buffer {
  return Buffer.from([VERSION, status, 0, IPV4, 0, 0, 0, 0, 0, 0]);
}

/** @returns null: not all of it has come */
function readRequest(octets: Buffer): { command: number; host: string; port: number } | null {
  if (octets.length < 5) return null;
  const kind = octets[3];
  const length = kind === IPV4 ? 4 : kind === IPV6 ? 16 : 1 + (octets[4] as number);
  const end = 4 + length;
  if (octets.length < end + 2) return null;
  const address = octets.subarray(4, end);
  const host =
    kind === NAME ? address.subarray(1).toString('latin1') : kind === IPV4 ? address.join('.') : ipv6Of(address);
  return { command: octets[1] as number, host, port: octets.readUInt16BE(end) };
}

function ipv6Of(octets: Buffer): string {
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(octets.readUInt16BE(at).toString(16));
  return groups.join(':');
}
