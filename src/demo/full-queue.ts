import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { SideServer } from './name-server.ts';

/** What the queue of full-queue-thread.ts takes. */
const ROOM = 2;

/**
 * Opens a port whose queue of new connections is full: whoever connects gets no answer, as from an overloaded server
 * (listen(2); Linux drops the SYN, others may refuse).
 * @param port 0 takes a free one
 * @throws the system's error where the port cannot be had
 */
export async function startFullQueue(host: string, port: number): Promise<SideServer> {
  const thread = new Worker(new URL('./full-queue-thread.ts', import.meta.url), { workerData: { host, port } });
  thread.unref();
  const [{ address, problem }] = (await once(thread, 'message')) as [{ address?: AddressInfo; problem?: Error }];
  if (address === undefined) throw problem;
  const waiting = await Promise.all(Array.from({ length: ROOM }, () => queueUp(address)));
  return {
    address: address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`,
    close: async () => {
      for (const socket of waiting) socket.destroy();
      await thread.terminate();
    },
  };
}

/** Takes a place in the queue and keeps it. */
async function queueUp({ address, port }: AddressInfo): Promise<Socket> {
  const socket = net.connect(port, address);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.unref();
  return socket;
}
