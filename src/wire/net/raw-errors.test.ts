// What a server that turns a client down over TLS is told with: Go's words for each alert, from real handshakes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer as createRawServer } from 'node:net';
import { describe, it } from 'node:test';
import { connect, createServer, type SecureVersion, type TlsOptions } from 'node:tls';
import { createCertificates } from '../../demo/certificates.ts';
import { toWireError } from './raw-errors.ts';
import type { WireError } from './wire-error.ts';

const { ca, cert, key } = createCertificates(['tls.test']);

/** The error that a client gets who speaks this version, without a certificate of its own. */
async function refusedBy(port: number, version: SecureVersion): Promise<WireError> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca: [ca],
    servername: 'tls.test',
    minVersion: version,
    maxVersion: version,
  });
  try {
    // TLS 1.3 tells of it only once the client believes that it is connected.
    socket.resume();
    const [error] = (await once(socket, 'error')) as [Error];
    return toWireError(error, 'tls');
  } finally {
    socket.destroy();
  }
}

async function withServer(options: TlsOptions, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer({ key, cert, ca: [ca], ...options }).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => {});
  await once(server, 'listening');
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe('the alert of a server', () => {
  const insisting: TlsOptions = { requestCert: true, rejectUnauthorized: true };

  for (const [version, missing] of [
    ['TLSv1.2', /^remote error: tls: handshake failure$/],
    ['TLSv1.3', /^remote error: tls: certificate required$/],
  ] as const) {
    it(`in ${version} is named where a certificate is missing`, () =>
      withServer(insisting, async (port) => {
        assert.match((await refusedBy(port, version)).message, missing);
      }));
  }

  // RFC 8446, appendix B.2.
  const alerts = new Map([
    [20, 'bad record mac'],
    [40, 'handshake failure'],
    [42, 'bad certificate'],
    [44, 'certificate revoked'],
    [45, 'certificate expired'],
    [46, 'certificate unknown'],
    [47, 'illegal parameter'],
    [48, 'unknown ca'],
    [49, 'access denied'],
    [71, 'insufficient security'],
    [80, 'internal error'],
    [120, 'no application protocol'],
  ]);
  for (const [number, name] of alerts)
    it(`${number} is called ${name}`, async () => {
      const server = createRawServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, number])));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { message } = await refusedBy((server.address() as AddressInfo).port, 'TLSv1.2');
      server.close();
      assert.equal(message, `remote error: tls: ${name}`);
    });
});
