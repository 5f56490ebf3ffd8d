import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * What a client meets that takes the target for its proxy: 407 without credentials, and 403 with any, so that tests see how a
 * proxy refuses. The target is none.
 */
export function refuseTunnel(request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => {});
  const head =
    request.headers['proxy-authorization'] === undefined
      ? 'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="demo"'
      : 'HTTP/1.1 403 Forbidden';
  socket.end(`${head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
