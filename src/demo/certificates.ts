import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts';

/** What a TLS server needs, in PEM. */
export interface DemoCertificates {
  /** The authority's own certificate, for clients that want to verify. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

interface Holder {
  readonly name: string;
  readonly key: KeyObject;
}

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  subjectAltName: '2.5.29.17',
} as const;

const DAY_MS = 24 * 3600 * 1000;
/** Browsers and Apple's verifier refuse server certificates that last longer. */
const LIFETIME_DAYS = 397;

/** When a certificate is good, in days from now on. */
interface Validity {
  readonly from: number;
  readonly to: number;
}

/** From a day back on, for clients whose clock is behind. */
const NOW: Validity = { from: -1, to: LIFETIME_DAYS };

/** Signs certificates of servers. */
export interface DemoAuthority {
  /**
   * Makes a key and a certificate.
   * @param names DNS names and IP addresses that the certificate is good for; the first is its common name
   */
  issue(names: readonly string[], validity?: Validity): DemoCertificates;
}

/**
 * Makes a certificate authority that exists only as long as the caller keeps it. Nothing but node:crypto is needed: users' machines
 * need not have openssl.
 */
export function createAuthority(): DemoAuthority {
  const authority = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const issuer = { name: 'Sixfold demo authority', key: authority.privateKey };
  const ca = certify(issuer, { name: issuer.name, key: authority.publicKey }, authorityExtensions(), NOW);
  return {
    issue(names, validity = NOW) {
      const server = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      const subject = { name: names[0] ?? 'localhost', key: server.publicKey };
      return {
        ca,
        cert: certify(issuer, subject, serverExtensions(names), validity),
        key: String(server.privateKey.export({ type: 'pkcs8', format: 'pem' })),
      };
    },
  };
}

/** A server certificate of an authority of its own. */
export function createCertificates(names: readonly string[]): DemoCertificates {
  return createAuthority().issue(names);
}

/** Signs an X.509 v3 certificate (RFC 5280, section 4.1). */
function certify(issuer: Holder, subject: Holder, extensions: readonly Buffer[], { from, to }: Validity): string {
  const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  const now = Date.now();
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer.name),
    sequence(time(new Date(now + from * DAY_MS)), time(new Date(now + to * DAY_MS))),
    distinguishedName(subject.name),
    subject.key.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuer.key);
  return new X509Certificate(sequence(body, algorithm, bitString(signature))).toString();
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(objectIdentifier(OID.commonName), utf8String(commonName))));
}

function extension(oid: string, critical: boolean, value: Buffer): Buffer {
  return sequence(objectIdentifier(oid), ...(critical ? [boolean(true)] : []), octetString(value));
}

function authorityExtensions(): Buffer[] {
  // keyCertSign and cRLSign: bits 5 and 6.
  return [
    extension(OID.basicConstraints, true, sequence(boolean(true))),
    extension(OID.keyUsage, true, bitString(Buffer.from([0x06]), 1)),
  ];
}

function serverExtensions(names: readonly string[]): Buffer[] {
  const altNames = names.map((name) =>
    isIP(name) ? implicit(7, addressOctets(name)) : implicit(2, Buffer.from(name)),
  );
  return [
    extension(OID.basicConstraints, true, sequence()),
    // digitalSignature: bit 0.
    extension(OID.keyUsage, true, bitString(Buffer.from([0x80]), 7)),
    extension(
      OID.extendedKeyUsage,
      false,
      sequence(objectIdentifier(OID.serverAuth), objectIdentifier(OID.clientAuth)),
    ),
    extension(OID.subjectAltName, false, sequence(...altNames)),
  ];
}

function addressOctets(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  // An address is written in hexadecimal groups by the parser of URLs, and has no zone in a certificate.
  const { hostname } = new URL(`http://[${address.replace(/%.*/, '')}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0');
  const all = tail === undefined ? groups(head) : [...groups(head), ...zeros, ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
