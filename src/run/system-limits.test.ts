// What this machine says of itself, and how many sockets the process has.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import os from 'node:os';
import { describe, test } from 'node:test';
import { countSockets, readLimits } from './system-limits.ts';

describe('limits', () => {
  test('are numbers that can be, or not known', () => {
    const { cores, memoryMb, files, ports, tracked } = readLimits();
    assert.ok(Number.isInteger(cores) && cores >= 1);
    assert.ok(memoryMb > 100 && memoryMb <= Math.ceil(os.totalmem() / 1024 ** 2), `${memoryMb} MB`);
    for (const limit of [files, ports, tracked]) assert.ok(limit === null || limit > 0, String(limit));
    assert.ok(ports === null || ports <= 65_535);
  });

  test('of Linux are known', () => {
    const { files, ports } = readLimits();
    assert.equal(files !== null && ports !== null, process.platform === 'linux');
  });
});

test('sockets are counted as they come and go, and files are none', async () => {
  const before = countSockets();
  const server = net.createServer();
  const accepted: Socket[] = [];
  server.on('connection', (socket) => accepted.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: 5 }, () => net.connect(port, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  while (accepted.length < sockets.length) await once(server, 'connection');
  // The server's own, and both ends of each connection; where the system does not tell there are none.
  const isTold = process.platform === 'linux';
  assert.equal(countSockets() - before, isTold ? 11 : 0);
  const closed = [...sockets, ...accepted].map((socket) => once(socket, 'close'));
  for (const socket of sockets) socket.destroy();
  for (const socket of accepted) socket.destroy();
  server.close();
  await Promise.all([...closed, once(server, 'close')]);
  assert.equal(countSockets(), before);
});
