import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket, type TcpSocketConnectOpts } from 'node:net';
import { test } from 'node:test';
import { ConnectionTable } from './connection-table.ts';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

async function listen(table: ConnectionTable): Promise<net.Server> {
  const server = net.createServer();
  table.watch(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function connect(server: net.Server, from: Partial<TcpSocketConnectOpts> = {}): Promise<Pair> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as AddressInfo;
  const client = net.connect({ port, host: '127.0.0.1', ...from });
  const [[socket]] = await Promise.all([accepted, once(client, 'connect')]);
  return { client, server: socket };
}

/** How a client sees its connection end. */
function ending({ client }: Pair): Promise<string> {
  return new Promise((resolve) => {
    client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    client.on('end', () => resolve('end')).resume();
  });
}

test('a connection is reset or closed, and the others of the server stay', async () => {
  const table = new ConnectionTable();
  const server = await listen(table);
  const pairs = [await connect(server), await connect(server), await connect(server)];
  const [first, second] = pairs.map(ending);
  table.reset(pairs[0].server);
  assert.equal(await first, 'ECONNRESET');
  table.close(pairs[1].server);
  assert.equal(await second, 'end');
  assert.equal(pairs[2].client.readyState, 'open');
  table.closeAll();
  await once(pairs[2].client.resume(), 'close');
  server.close();
});

const ONE_LOOPBACK = process.platform !== 'linux' && 'other systems have one address of their own';

test('two clients may have the same port: each connection is its own', { skip: ONE_LOOPBACK }, async () => {
  const table = new ConnectionTable();
  const server = await listen(table);
  const first = await connect(server, { localAddress: '127.0.0.1' });
  const second = await connect(server, { localAddress: '127.0.0.2', localPort: first.client.localPort! });
  assert.equal(second.server.remotePort, first.server.remotePort);
  const [gone, kept] = [ending(second), ending(first)];
  const closed = once(second.server, 'close');
  table.close(second.server);
  assert.equal(await gone, 'end');
  await closed;
  table.reset(first.server);
  assert.equal(await kept, 'ECONNRESET');
  server.close();
});

test('what is unknown, or gone, is left alone', async () => {
  const table = new ConnectionTable();
  table.reset(undefined);
  table.close({ remotePort: 1, remoteAddress: '127.0.0.1', localPort: 2 });
  const server = await listen(table);
  const pair = await connect(server);
  const closed = once(pair.server, 'close');
  pair.client.destroy();
  await closed;
  table.reset(pair.server);
  table.closeAll();
  server.close();
});
