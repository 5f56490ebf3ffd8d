import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttps } from 'node:https';
import { describe, it } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { createCertificates } from '../../demo/certificates.ts';
import { Dialer } from '../net/dialer.ts';
import type { TlsParams } from '../net/tls-params.ts';
import { WireError } from '../net/wire-error.ts';
import { Channel } from './channel.ts';

const { ca, cert, key } = createCertificates(['grpc.test']);

function connect(port: number, tls: Partial<TlsParams>, authority?: string): Promise<Channel> {
  return Channel.connect({
    dialer: new Dialer(),
    host: '127.0.0.1',
    port,
    tls: { alpn: [], rejectUnauthorized: true, ca: [ca], ...tls },
    timeoutMs: 30_000,
    meter: { sent: 0, received: 0 },
    userAgent: 'sixfold',
    ...(authority === undefined ? {} : { authority }),
  });
}

describe('a channel over TLS', () => {
  it('offers h2, and takes the authority as the name of the server', async () => {
    const server = new grpc.Server();
    const same = (bytes: Buffer): Buffer => bytes;
    const echo = {
      path: '/t.T/Echo',
      requestStream: false,
      responseStream: false,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    };
    const handler: grpc.handleUnaryCall<Buffer, Buffer> = (call, done) => done(null, Buffer.from(call.getHost()));
    server.addService({ echo }, { echo: handler });
    const credentials = grpc.ServerCredentials.createSsl(null, [
      { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) },
    ]);
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    const channel = await connect(port, {}, 'grpc.test');
    const result = await channel.unary({
      path: '/t.T/Echo',
      metadata: [],
      message: Buffer.alloc(0),
      timeoutMs: 30_000,
    });
    assert.deepEqual([result.status, Buffer.from(result.message ?? []).toString()], [0, 'grpc.test']);
    channel.close();
    await assert.rejects(connect(port, {}, 'other.test'), (error) => error instanceof WireError && error.code === 1311);
    server.forceShutdown();
  });

  it('fails to connect to a server that has no HTTP/2', async () => {
    const server = createHttps({ key, cert, ALPNProtocols: [] }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await assert.rejects(
      connect(port, { serverName: 'grpc.test' }),
      (error) => error instanceof WireError && error.code >= 1300,
    );
    server.close();
  });
});
