// An X.509 certificate (RFC 5280) as k6 describes it.
import { X509Certificate } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { type DerElement, elementAt, readElements, readObjectIdentifier, readText, TAG } from './der-reader.ts';

export interface NameEntry {
  /** The attribute's object identifier. */
  readonly type: string;
  readonly value: string;
}

/** A distinguished name; what it lacks is empty. */
export interface CertificateName {
  readonly commonName: string;
  readonly country: string;
  readonly postalCode: string;
  readonly stateOrProvinceName: string;
  readonly localityName: string;
  readonly streetAddress: string;
  readonly organizationName: string;
  readonly organizationalUnitName: readonly string[];
  readonly names: readonly NameEntry[];
}

export interface Certificate {
  readonly subject: CertificateName;
  readonly issuer: CertificateName;
  /** ISO 8601 in UTC, to the second. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Names of hosts, mail addresses, IP addresses, URIs: in this order. */
  readonly altNames: readonly string[];
  readonly signatureAlgorithm: string;
  /** SHA-1 of the certificate. */
  readonly fingerPrint: readonly number[];
  readonly publicKey: { readonly algorithm: string; readonly key: Readonly<Record<string, unknown>> };
}

/** As Go names them, which k6 shows. */
const SIGNATURE_ALGORITHMS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'MD5-RSA',
  '1.2.840.113549.1.1.5': 'SHA1-RSA',
  '1.2.840.113549.1.1.10': 'SHA256-RSAPSS',
  '1.2.840.113549.1.1.11': 'SHA256-RSA',
  '1.2.840.113549.1.1.12': 'SHA384-RSA',
  '1.2.840.113549.1.1.13': 'SHA512-RSA',
  '1.2.840.10040.4.3': 'DSA-SHA1',
  '2.16.840.1.101.3.4.3.2': 'DSA-SHA256',
  '1.2.840.10045.4.1': 'ECDSA-SHA1',
  '1.2.840.10045.4.3.2': 'ECDSA-SHA256',
  '1.2.840.10045.4.3.3': 'ECDSA-SHA384',
  '1.2.840.10045.4.3.4': 'ECDSA-SHA512',
  '1.3.101.112': 'Ed25519',
};

const SUBJECT_ALT_NAME = '2.5.29.17';
/** Kinds of alternative names (RFC 5280, section 4.2.1.6), in the order in which they are listed. */
const ALT_NAME_TAGS = [0x82, 0x81, 0x87, 0x86];

/**
 * @param pem a certificate as text
 * @throws Error when it is none
 */
export function parseCertificate(pem: string): Certificate {
  if (!/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem)) {
    throw new Error(
      'failed to decode certificate PEM file: it has no block that begins with -----BEGIN CERTIFICATE-----',
    );
  }
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(pem);
  } catch (error) {
    throw new Error(`failed to parse certificate: ${(error as Error).message}`);
  }
  const [body, algorithm] = readElements(elementAt(readElements(x509.raw), 0, TAG.sequence).content);
  // The version is there only where it is not 1.
  const fields = readElements((body as DerElement).content);
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  return {
    subject: readName(elementAt(fields, first + 4, TAG.sequence)),
    issuer: readName(elementAt(fields, first + 2, TAG.sequence)),
    notBefore: toSecond(x509.validFromDate),
    notAfter: toSecond(x509.validToDate),
    altNames: readAltNames(fields),
    signatureAlgorithm: signatureAlgorithmOf(algorithm),
    fingerPrint: [...Buffer.from(x509.fingerprint.replaceAll(':', ''), 'hex')],
    publicKey: describeKey(x509),
  };
}

function toSecond(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

function signatureAlgorithmOf(element: DerElement | undefined): string {
  if (element === undefined) return '0';
  const oid = readObjectIdentifier(elementAt(readElements(element.content), 0, TAG.objectIdentifier).content);
  return SIGNATURE_ALGORITHMS[oid] ?? oid;
}

function readName(element: DerElement): CertificateName {
  const names: NameEntry[] = [];
  for (const set of readElements(element.content)) {
    for (const entry of readElements(set.content)) {
      const [type, value] = readElements(entry.content);
      if (type !== undefined && value !== undefined) {
        names.push({ type: readObjectIdentifier(type.content), value: readText(value) });
      }
    }
  }
  const all = (type: string): string[] => names.filter((name) => name.type === type).map(({ value }) => value);
  // Of several, Go keeps the last common name and the first of the others.
  const one = (type: string): string => all(type)[0] ?? '';
  return {
    commonName: all('2.5.4.3').at(-1) ?? '',
    country: one('2.5.4.6'),
    postalCode: one('2.5.4.17'),
    stateOrProvinceName: one('2.5.4.8'),
    localityName: one('2.5.4.7'),
    streetAddress: one('2.5.4.9'),
    organizationName: one('2.5.4.10'),
    organizationalUnitName: all('2.5.4.11'),
    names,
  };
}

function readAltNames(fields: readonly DerElement[]): string[] {
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  if (extensions === undefined) return [];
  for (const extension of readElements(elementAt(readElements(extensions.content), 0).content)) {
    const parts = readElements(extension.content);
    if (readObjectIdentifier(elementAt(parts, 0).content) !== SUBJECT_ALT_NAME) continue;
    const value = parts.find(({ tag }) => tag === TAG.octetString);
    if (value === undefined) return [];
    const names = readElements(elementAt(readElements(value.content), 0).content);
    return ALT_NAME_TAGS.flatMap((wanted) =>
      names
        .filter(({ tag }) => tag === wanted)
        .map(({ tag, content }) => (tag === 0x87 ? readAddress(content) : content.toString('latin1'))),
    );
  }
  return [];
}

/** An IP address in its usual form. */
function readAddress(octets: Buffer): string {
  if (octets.length !== 16) return [...octets].join('.');
  const groups = Array.from({ length: 8 }, (_, i) => octets.readUInt16BE(i * 2).toString(16)).join(':');
  // The URL parser writes the shortest form (RFC 5952).
  return isIPv6(groups) ? new URL(`http://[${groups}]`).hostname.slice(1, -1) : groups;
}

function describeKey(x509: X509Certificate): Certificate['publicKey'] {
  const { publicKey } = x509;
  const jwk =
    publicKey.asymmetricKeyType === 'dsa' ? {} : (publicKey.export({ format: 'jwk' }) as Record<string, string>);
  const number = (field: string): bigint =>
    BigInt(`0x${Buffer.from(jwk[field] ?? '', 'base64url').toString('hex') || '0'}`);
  switch (publicKey.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return { algorithm: 'RSA', key: { n: number('n'), e: Number(number('e')) } };
    case 'ec':
      return { algorithm: 'ECDSA', key: { curve: jwk['crv'] ?? '', x: number('x'), y: number('y') } };
    case 'dsa':
      return { algorithm: 'DSA', key: {} };
    case 'ed25519':
      return { algorithm: 'Ed25519', key: { bytes: [...Buffer.from(jwk['x'] ?? '', 'base64url')] } };
    default:
      throw new Error('unsupported public key algorithm');
  }
}
