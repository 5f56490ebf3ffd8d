import type { Socket } from 'node:net';
import { serveMqtt } from './mqtt-front.ts';
import { servePostgres } from './postgres-front.ts';
import { serveRedis } from './redis-front.ts';
import { serveSsh } from './ssh-front.ts';

/** Which protocol begins with which octet: an array of RESP, a CONNECT, the length of a start-up packet, `SSH-2.0-`. */
const SERVICES: Readonly<Record<number, (socket: Socket) => void>> = {
  42: serveRedis,
  16: serveMqtt,
  0: servePostgres,
  83: serveSsh,
};

/**
 * Serves a connection in the protocol that the client begins with. None of these services keeps anything: they are there to refuse as
 * real ones do, by codes of the catalogue that the client names – `GET code:2003` of Redis, for instance.
 */
export function serveProtocols(socket: Socket): void {
  socket.on('error', () => {});
  socket.once('readable', () => {
    const first: Buffer | null = socket.read();
    const serve = first === null ? undefined : SERVICES[first[0]!];
    if (first === null || serve === undefined) {
      socket.destroy();
      return;
    }
    socket.unshift(first);
    serve(socket);
  });
}
