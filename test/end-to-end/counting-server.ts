// A web server that knows how often it was contacted.
import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';

export interface CountingServer {
  readonly url: string;
  readonly port: number;
  readonly connections: number;
  /** The path of each request, in their order. */
  readonly requests: readonly string[];
  /** From now on requests of a path wait for their answers until they are let go. */
  hold(path: string): HeldRequests;
  close(): Promise<void>;
}

export interface HeldRequests {
  /** @returns the body of the next one */
  next(): Promise<string>;
  /** Answers all of them, and those to come. */
  release(): void;
}

/** Requests of one path that wait. */
class Hold implements HeldRequests {
  readonly #bodies: string[] = [];
  readonly #wanted: ((body: string) => void)[] = [];
  readonly #waiting: ServerResponse[] = [];
  #isOpen = false;

  take(body: string, response: ServerResponse): void {
    const wanted = this.#wanted.shift();
    if (wanted === undefined) this.#bodies.push(body);
    else wanted(body);
    if (this.#isOpen) response.end('ok');
    else this.#waiting.push(response);
  }

  next(): Promise<string> {
    const body = this.#bodies.shift();
    return body !== undefined ? Promise.resolve(body) : new Promise((resolve) => void this.#wanted.push(resolve));
  }

  release(): void {
    this.#isOpen = true;
    for (const response of this.#waiting.splice(0)) response.end('ok');
  }
}

/** Starts a server that answers everything with 200. @param host where it listens */
export async function startCountingServer(host = '127.0.0.1'): Promise<CountingServer> {
  const holds = new Map<string, Hold>();
  let connections = 0;
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const hold = holds.get(path);
    if (hold === undefined) response.end('ok');
    else void readText(request).then((body) => hold.take(body, response));
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get connections() {
      return connections;
    },
    requests,
    hold(path) {
      const hold = new Hold();
      holds.set(path, hold);
      return hold;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
