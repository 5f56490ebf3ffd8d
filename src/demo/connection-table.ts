import type { Server, Socket } from 'node:net';

/** Both ends of a connection, as its socket has them: the client's port alone may be in use for several ports of ours. */
export type Peer = Pick<Socket, 'remotePort' | 'remoteAddress' | 'localPort'>;

const keyOf = ({ remoteAddress, remotePort, localPort }: Peer): string => `${remoteAddress} ${remotePort} ${localPort}`;

/** The raw sockets of a server's connections: HTTP/2 sessions hide theirs, and breaking a connection off needs it. */
export class ConnectionTable {
  readonly #sockets = new Map<string, Socket>();

  /** Follows the connections of a server from now on. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      if (socket.remotePort === undefined) return;
      // Once it is closed, a socket knows its ends no longer.
      const key = keyOf(socket);
      this.#sockets.set(key, socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
      });
    });
  }

  /** Breaks a connection off with a TCP RST. */
  reset(peer: Peer | undefined): void {
    if (peer !== undefined) this.#sockets.get(keyOf(peer))?.resetAndDestroy();
  }

  /** Closes a connection (FIN), whatever is under way on it. */
  close(peer: Peer | undefined): void {
    if (peer !== undefined) this.#sockets.get(keyOf(peer))?.destroy();
  }

  closeAll(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }
}
