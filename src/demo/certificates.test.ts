import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';
import { createCertificates } from './certificates.ts';
import { integer, objectIdentifier, octetString, time } from './der.ts';

test('the server certificate is good for its names, by the authority alone', () => {
  const { ca, cert } = createCertificates(['localhost', '127.0.0.1', '::1', 'shop.example']);
  const [authority, server] = [new X509Certificate(ca), new X509Certificate(cert)];
  assert.ok(authority.ca && !server.ca);
  assert.ok(
    server.verify(authority.publicKey) && server.checkIssued(authority) && authority.verify(authority.publicKey),
  );
  for (const name of ['localhost', 'shop.example']) assert.equal(server.checkHost(name), name);
  for (const ip of ['127.0.0.1', '::1']) assert.equal(server.checkIP(ip), ip);
  assert.equal(server.checkHost('other.example'), undefined);
  assert.ok(server.validToDate.getTime() > Date.now());
});

test('a client that trusts the authority is content, and one that does not is not', async () => {
  const { ca, cert, key } = createCertificates(['localhost']);
  const server = tls.createServer({ cert, key }, (socket) => socket.end());
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connect = (options: tls.ConnectionOptions) =>
    new Promise((resolve) => {
      const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ...options }, () =>
        resolve(socket.authorized),
      );
      socket
        .on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
        .on('close', () => socket.destroy())
        .resume();
    });
  assert.equal(await connect({ ca }), true);
  assert.match(String(await connect({})), /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/);
  server.close();
});

test('DER as X.690 has it', () => {
  assert.deepEqual(integer(Buffer.from([0, 0, 0x80])), Buffer.from([2, 2, 0, 0x80]));
  assert.deepEqual(integer(Buffer.from([0])), Buffer.from([2, 1, 0]));
  assert.deepEqual(objectIdentifier('1.2.840.10045.4.3.2').toString('hex'), '06082a8648ce3d040302');
  assert.deepEqual(octetString(Buffer.alloc(200)).subarray(0, 3), Buffer.from([4, 0x81, 200]));
  assert.deepEqual(octetString(Buffer.alloc(300)).subarray(0, 4), Buffer.from([4, 0x82, 1, 44]));
  assert.equal(time(new Date('2026-11-21T12:00:00Z')).subarray(2).toString(), '261121120000Z');
  assert.equal(time(new Date('2051-01-01T00:00:00Z')).subarray(2).toString(), '20510101000000Z');
});
