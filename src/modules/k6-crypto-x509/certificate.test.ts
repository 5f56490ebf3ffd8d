import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createCertificates } from '../../demo/certificates.ts';
import { parseCertificate } from './certificate.ts';
import { readElements, readObjectIdentifier } from './der-reader.ts';

const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

test('certificates of the demo target are read', () => {
  const { cert } = createCertificates(['localhost', '127.0.0.1', '::1']);
  const read = parseCertificate(cert);
  assert.deepEqual(read.altNames.toSorted(), ['127.0.0.1', '::1', 'localhost']);
  assert.equal(read.fingerPrint.length, 20);
  assert.match(read.notBefore, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('keys of each kind, names in each script and addresses are described', {
  skip: !hasOpenssl() && !process.env['CI'],
}, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-x509-'));
  try {
    const make = (...key: string[]): string => {
      const file = path.join(folder, 'cert.pem');
      const subject = '/CN=first/CN=Zürich 市/O=One/O=Two/OU=a/OU=b/street=Way 5/2.5.4.17=999';
      const names = 'subjectAltName=URI:https://a.test/x,IP:2001:db8::7,email:a@b.test,DNS:a.test';
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-utf8',
          '-nodes',
          ...key,
          '-keyout',
          path.join(folder, 'key.pem'),
          '-out',
          file,
          '-subj',
          subject,
          '-addext',
          names,
        ],
        { stdio: 'ignore' },
      );
      return readFileSync(file, 'utf8');
    };
    const ec = parseCertificate(make('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-sha384'));
    assert.equal(ec.signatureAlgorithm, 'ECDSA-SHA384');
    assert.deepEqual(
      [ec.publicKey.algorithm, ec.publicKey.key['curve'], typeof ec.publicKey.key['x']],
      ['ECDSA', 'P-384', 'bigint'],
    );
    assert.deepEqual(ec.altNames, ['a.test', 'a@b.test', '2001:db8::7', 'https://a.test/x']);
    const { subject } = ec;
    assert.deepEqual(
      [
        subject.commonName,
        subject.organizationName,
        subject.organizationalUnitName,
        subject.streetAddress,
        subject.postalCode,
      ],
      ['Zürich 市', 'One', ['a', 'b'], 'Way 5', '999'],
    );
    assert.equal(parseCertificate(make('-newkey', 'ed25519')).signatureAlgorithm, 'Ed25519');
    const rsa = parseCertificate(make('-newkey', 'rsa:2048', '-sha512'));
    assert.deepEqual([rsa.signatureAlgorithm, rsa.publicKey.key['e']], ['SHA512-RSA', 65537]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is no certificate is refused in words', () => {
  assert.throws(() => parseCertificate('nothing'), /failed to decode certificate PEM file/);
  const broken = '-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----';
  assert.throws(() => parseCertificate(broken), /failed to parse certificate/);
});

test('DER that ends too early or claims too much is refused', () => {
  for (const bytes of [[0x30], [0x30, 5, 1], [0x30, 0x80], [0x30, 0x85, 1, 1, 1, 1, 1], [0x30, 0x82, 1]]) {
    assert.throws(() => readElements(Buffer.from(bytes)), Error);
  }
  assert.equal(readObjectIdentifier(Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d])), '1.2.840.113549');
});
