// For tests: a server of WebSockets that echoes, and does what its paths say.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface SocketServer {
  /** `ws://…` without a path. */
  readonly url: string;
  /** What the handshakes asked for, in their order. */
  readonly handshakes: IncomingMessage[];
  readonly sockets: WebSocketServer;
  /** The codes that clients have closed with, by the path; resolves when one has. */
  closedWith(path: string): Promise<number>;
  close(): void;
}

/**
 * Paths: `/close?code=…&reason=…` closes at once, without a code where there is none; `/lost` ends the connection; `/greet` says hello;
 * `/greet-binary` sends the bytes 1 2 3; `/ping` pings; `/many?n=…` sends so many numbers; `/cookie` sets one; `/refuse` refuses the
 * handshake. All of them echo what they are sent.
 */
export async function startSocketServer(): Promise<SocketServer> {
  const handshakes: IncomingMessage[] = [];
  const codes = new Map<string, Promise<number>>();
  const http: Server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on('headers', (headers, request) => {
    if (request.url === '/cookie') headers.push('Set-Cookie: socket=yes; Path=/', 'X-Twice: 1', 'X-Twice: 2');
  });
  http.on('upgrade', (request: IncomingMessage, connection, head) => {
    handshakes.push(request);
    if (request.url === '/refuse') {
      connection.end(
        'HTTP/1.1 403 Forbidden\r\nX-Why: no\r\nX-Why: never\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody',
      );
      return;
    }
    sockets.handleUpgrade(request, connection, head, (socket) => act(socket, new URL(request.url!, 'http://h')));
  });
  function act(socket: WebSocket, { pathname, searchParams }: URL): void {
    codes.set(
      pathname,
      once(socket, 'close').then(([code]) => code as number),
    );
    socket.on('message', (data: Buffer, isBinary: boolean) => socket.send(data, { binary: isBinary }));
    switch (pathname) {
      case '/close': {
        const code = searchParams.get('code');
        if (code === null) socket.close();
        else socket.close(Number(code), searchParams.get('reason') ?? '');
        break;
      }
      case '/lost':
        socket.terminate();
        break;
      case '/greet':
        socket.send('hello');
        break;
      case '/greet-binary':
        socket.send(Buffer.of(1, 2, 3));
        break;
      case '/ping':
        socket.ping('data');
        break;
      case '/many':
        for (let i = 0; i < Number(searchParams.get('n')); i++) socket.send(String(i));
    }
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    handshakes,
    sockets,
    closedWith: (path) => codes.get(path) ?? Promise.reject(new Error(`nobody has come to ${path}`)),
    close() {
      for (const client of sockets.clients) client.terminate();
      http.closeAllConnections();
      http.close();
    },
  };
}
