// A server in a process of its own that writes a line for each request, with the ms since the epoch: node logging-server.ts FILE.
// It says where it listens.
import { closeSync, openSync, writeSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

const log = openSync(process.argv[2]!, 'w');
const server = http.createServer((request, response) => {
  writeSync(log, `${performance.timeOrigin + performance.now()} ${request.method} ${request.url}\n`);
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => closeSync(log));
});
