import type { IncomingMessage } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Duplex } from 'node:stream';

const CHALLENGE = 'Basic realm="demo"';

/**
 * What a client meets that takes the target for its proxy: 407 without credentials, and 403 with any, so that tests see how a
 * proxy refuses. The target is none.
 */
export function refuseTunnel(request: IncomingMessage, client: Duplex | Http2ServerResponse): void {
  client.on('error', () => {});
  const isUnknown = request.headers['proxy-authorization'] === undefined;
  // Over HTTP/2 a tunnel is a stream, and Node gives its answer here.
  if ('writeHead' in client) {
    client.writeHead(isUnknown ? 407 : 403, isUnknown ? { 'proxy-authenticate': CHALLENGE } : {});
    client.end();
    return;
  }
  const head = isUnknown
    ? `HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: ${CHALLENGE}`
    : 'HTTP/1.1 403 Forbidden';
  client.end(`${head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
