import type { HeaderField } from '../http2/hpack/header-field.ts';

/** In order, lower-case names; a name ending in `-bin` has octets, any other text. */
export type Metadata = [name: string, value: string | Uint8Array][];

/** What gRPC sets itself: the caller's values are left out (grpc-go, `isReservedHeader`). */
const RESERVED = new Set([
  'content-type',
  'user-agent',
  'te',
  'grpc-timeout',
  'grpc-encoding',
  'grpc-accept-encoding',
  'grpc-message',
  'grpc-status',
  'grpc-message-type',
]);
const CONNECTION_SPECIFIC = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** A key or value that gRPC does not admit; the call fails with INTERNAL, as in grpc-go. */
export class MetadataError extends Error {
  override readonly name = 'MetadataError';
}

/** The caller's metadata as header fields. @throws MetadataError */
export function toHeaderFields(metadata: Metadata): HeaderField[] {
  const fields: HeaderField[] = [];
  for (const [key, value] of metadata) {
    const name = key.toLowerCase();
    if (name.startsWith(':') || RESERVED.has(name) || CONNECTION_SPECIFIC.has(name)) continue;
    if (!/^[0-9a-z_.-]+$/.test(name))
      throw new MetadataError(`header key ${JSON.stringify(name)} contains illegal characters not in [0-9a-z-_.]`);
    fields.push({ name, value: encodeValue(name, value) });
  }
  return fields;
}

function encodeValue(name: string, value: string | Uint8Array): string {
  if (name.endsWith('-bin')) {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : asBuffer(value);
    return bytes.toString('base64').replace(/=+$/, '');
  }
  const text = typeof value === 'string' ? value : asBuffer(value).toString('latin1');
  if (!/^[\x20-\x7e]*$/.test(text))
    throw new MetadataError(`header key ${JSON.stringify(name)} contains value with non-printable ASCII characters`);
  return text.trim();
}

/** What a caller sees of a header or trailer section. */
export function fromHeaderFields(fields: readonly HeaderField[]): Metadata {
  const metadata: Metadata = [];
  for (const { name, value } of fields) {
    if (name.charCodeAt(0) === 58 || (RESERVED.has(name) && name !== 'content-type')) continue;
    if (!name.endsWith('-bin')) metadata.push([name, value]);
    else for (const part of value.split(',')) metadata.push([name, decodeBinary(part)]);
  }
  return metadata;
}

/** Padded or not, and lenient towards the URL alphabet. */
function decodeBinary(text: string): Buffer {
  return Buffer.from(text.trim(), 'base64');
}

/** Whether two lists would make the same header fields: values are compared, not references. */
export function sameMetadata(a: Metadata, b: Metadata): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) {
    const [name, value] = a[at]!;
    const [otherName, other] = b[at]!;
    if (name !== otherName) return false;
    if (value === other) continue;
    if (typeof value === 'string' || typeof other === 'string') return false;
    if (Buffer.compare(value, other) !== 0) return false;
  }
  return true;
}

/** A list that the caller may not change behind our back. */
export function copyMetadata(metadata: Metadata): Metadata {
  return metadata.map(([name, value]) => [name, typeof value === 'string' ? value : new Uint8Array(value)]);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
