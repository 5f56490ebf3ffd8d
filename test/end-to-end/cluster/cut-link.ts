// For tests: the way of an agent to NATS, which can be cut: what is sent gets nowhere, and nobody is told.
import net, { type AddressInfo, type Socket } from 'node:net';

export interface CuttableLink {
  /** Where the agent finds NATS. */
  readonly url: string;
  cut(): void;
  /** What is new gets through again; what was on its way is lost with its connections. */
  mend(): void;
  close(): Promise<void>;
}

/** @param port of NATS on loopback */
export async function startCuttableLink(port: number): Promise<CuttableLink> {
  let isCut = false;
  const sockets = new Set<Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    // What arrives while the link is cut is swallowed.
    const lead = (from: Socket, to: Socket): void => {
      from.on('data', (data) => void (isCut || to.write(data)));
      from.on('close', () => void (isCut || to.destroy()));
    };
    lead(near, far);
    lead(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
