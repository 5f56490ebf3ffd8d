import type { Server, Socket } from 'node:net';

/**
 * The raw sockets of a server's connections by the peer's port: HTTP/2 sessions hide theirs, and breaking a connection off
 * needs it.
 */
export class ConnectionTable {
  readonly #sockets = new Map<number, Socket>();

  /** Follows the connections of a server from now on. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const port = socket.remotePort;
      if (port === undefined) return;
      this.#sockets.set(port, socket);
      socket.on('error', () => {});
      socket.once('close', () => this.#sockets.delete(port));
    });
  }

  /** Breaks a connection off with a TCP RST. */
  reset(remotePort: number | undefined): void {
    this.#sockets.get(remotePort ?? -1)?.resetAndDestroy();
  }

  /** Closes a connection (FIN), whatever is under way on it. */
  close(remotePort: number | undefined): void {
    this.#sockets.get(remotePort ?? -1)?.destroy();
  }

  closeAll(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }
}
