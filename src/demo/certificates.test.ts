import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';
import { createAuthority, createCertificates } from './certificates.ts';
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

test('addresses of every form are those that the certificate is good for', () => {
  const addresses = [
    '0.0.0.0',
    '255.255.255.255',
    '10.0.0.1',
    '::',
    '::1',
    '1::',
    'fe80::1',
    '2001:db8::8:800:200c:417a',
  ];
  const { cert } = createCertificates([
    'shop.example',
    ...addresses,
    '::ffff:192.0.2.7',
    '2001:DB8:0:0:1::1',
    'fe80::2%eth0',
  ]);
  const server = new X509Certificate(cert);
  for (const address of addresses) assert.equal(server.checkIP(address), address);
  for (const address of ['::ffff:c000:207', '2001:db8::1:0:0:1', 'fe80::2'])
    assert.equal(server.checkIP(address), address);
  for (const address of ['0.0.0.1', '::2', '1::1']) assert.equal(server.checkIP(address), undefined);
});

test('a certificate is named for the first of its names, and two have neither number nor key in common', () => {
  const authority = createAuthority();
  const [one, other] = [authority.issue(['a.test', 'b.test']), authority.issue([])].map(
    ({ cert }) => new X509Certificate(cert),
  );
  assert.equal(one.subject, 'CN=a.test');
  assert.equal(other.subject, 'CN=localhost');
  assert.equal(one.issuer, 'CN=Sixfold demo authority');
  assert.notEqual(one.serialNumber, other.serialNumber);
  assert.notEqual(one.fingerprint256, other.fingerprint256);
  assert.equal(one.serialNumber.length, 32, 'sixteen octets, of which the first is no sign');
});

test('a certificate is good from one day to another', () => {
  const day = 24 * 3600 * 1000;
  for (const [from, to] of [
    [-30, -1],
    [1, 30],
    [-1, 397],
    [0, 30 * 365],
  ] as const) {
    const { validFromDate, validToDate } = new X509Certificate(createAuthority().issue(['a.test'], { from, to }).cert);
    assert.ok(Math.abs(validFromDate.getTime() - (Date.now() + from * day)) < 60_000);
    assert.ok(Math.abs(validToDate.getTime() - (Date.now() + to * day)) < 60_000);
  }
});

test('lengths of DER on both sides of one, two and three octets', () => {
  for (const [length, head] of [
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_535, '0482ffff'],
    [65_536, '0483010000'],
  ] as const)
    assert.equal(
      octetString(Buffer.alloc(length))
        .subarray(0, head.length / 2)
        .toString('hex'),
      head,
    );
  for (const [dotted, octets] of [
    ['2.5.29.17', '0603551d11'],
    ['1.2.127', '06022a7f'],
    ['1.2.128', '06032a8100'],
    ['1.2.16383', '06032aff7f'],
    ['1.2.16384', '06042a818000'],
    ['1.2.2147483648', '06062a8880808000'],
  ] as const)
    assert.equal(objectIdentifier(dotted).toString('hex'), octets, dotted);
  assert.equal(integer(Buffer.from([0x7f])).toString('hex'), '02017f');
  assert.equal(integer(Buffer.from([0xff])).toString('hex'), '020200ff', 'no negative number');
});
