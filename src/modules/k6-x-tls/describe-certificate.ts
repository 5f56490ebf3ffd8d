import type { X509Certificate } from 'node:crypto';
import type { WireError } from '../../wire/net/wire-error.ts';

/** Parts of a name by the names that OpenSSL writes them with; lists but for the last two. */
const NAME_PARTS = {
  C: 'country',
  O: 'organization',
  OU: 'organizational_unit',
  L: 'locality',
  ST: 'province',
  street: 'street_address',
  postalCode: 'postal_code',
  serialNumber: 'serial_number',
  CN: 'common_name',
} as const;

type Name = Record<(typeof NAME_PARTS)[keyof typeof NAME_PARTS], string | string[]>;

/** A distinguished name as OpenSSL writes it, a part in each line, with escapes by RFC 4514. */
export function readName(text: string): Name {
  const name: Name = {
    country: [],
    organization: [],
    organizational_unit: [],
    locality: [],
    province: [],
    street_address: [],
    postal_code: [],
    serial_number: '',
    common_name: '',
  };
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    const key = line.slice(0, at);
    if (at < 1 || !Object.hasOwn(NAME_PARTS, key)) continue;
    const part = NAME_PARTS[key as keyof typeof NAME_PARTS];
    const value = line.slice(at + 1).replaceAll(/\\(.)/g, '$1');
    const known = name[part];
    if (Array.isArray(known)) known.push(value);
    else name[part] = value;
  }
  return name;
}

/**
 * A certificate as scripts see it.
 * @param fault why a client would not trust it; null: it would
 */
export function describeCertificate(certificate: X509Certificate, fault: WireError | null): Record<string, unknown> {
  return {
    subject: readName(certificate.subject ?? ''),
    issuer: readName(certificate.issuer ?? ''),
    issued: Date.parse(certificate.validFrom),
    expires: Date.parse(certificate.validTo),
    /** SHA-256, in lower-case hexadecimal digits. */
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    serial_number: certificate.serialNumber.toLowerCase(),
    dns_names: [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, dns]) => dns),
    error: fault?.message ?? '',
    error_code: fault?.code ?? 0,
  };
}
