// A small site for tests of browsers: pages by their paths, and what was asked for.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface PageServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** `METHOD path` of each request, in their order. */
  readonly asked: readonly string[];
  close(): void;
}

/** @param pages texts of HTML (or of what the path's ending says), or what answers by itself; other paths are not found */
export function servePages(pages: Readonly<Record<string, string | PageHandler>>): Promise<PageServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*$/, '');
    asked.push(`${request.method} ${request.url}`);
    const page = pages[path];
    if (page === undefined) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<title>Not found</title><h1>Not found</h1>');
      return;
    }
    if (typeof page !== 'string') {
      page(request, response);
      return;
    }
    const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.json') ? 'application/json' : 'text/html';
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(page);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        asked,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}
