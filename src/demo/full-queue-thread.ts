// A thread that listens and then never accepts a connection: the system queues as many as it is told to, and drops the rest.
import net, { type AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { host, port } = workerData as { readonly host: string; readonly port: number };
/** The least that systems take; Linux queues one more. */
const BACKLOG = 1;

net
  .createServer()
  .on('error', (error) => parentPort?.postMessage({ problem: error }))
  .listen({ host, port, backlog: BACKLOG }, function (this: net.Server) {
    parentPort?.postMessage({ address: this.address() as AddressInfo });
    // For good: the end of the process, or `terminate`, ends it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
