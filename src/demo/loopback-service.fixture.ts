// For tests: a service on a port of its own, and what it says to octets that come in any pieces.
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

export interface LoopbackService {
  /**
   * Says something in pieces, each of them a packet of its own, and then that this is all.
   * @returns all that comes back until the service, too, is done
   */
  say(...pieces: readonly (string | Uint8Array)[]): Promise<Buffer>;
  close(): void;
}

export async function startService(serve: (socket: Socket) => void): Promise<LoopbackService> {
  // A service that has no more to hear closes: so it need not know when a test is over.
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    async say(...pieces) {
      const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
      socket.on('error', () => {});
      const heard: Buffer[] = [];
      socket.on('data', (bytes: Buffer) => heard.push(bytes));
      const closed = once(socket, 'close');
      await once(socket, 'connect');
      for (const piece of pieces)
        await new Promise((resolve) =>
          socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece, resolve),
        );
      socket.end();
      await closed;
      return Buffer.concat(heard);
    },
    close: () => server.close(),
  };
}

/** Each octet in a piece of its own. */
export function octetByOctet(text: string): Uint8Array[] {
  return [...Buffer.from(text, 'latin1')].map((octet) => Uint8Array.of(octet));
}
