// What scripts give to a socket, read and checked.
import { toBytes } from '../../vu/script-bytes.ts';

const MOST_PORT = 65_535;
const ENCODINGS: Readonly<Record<string, BufferEncoding>> = {
  utf8: 'utf8',
  'utf-8': 'utf8',
  ascii: 'latin1',
  base64: 'base64',
  base64url: 'base64url',
  hex: 'hex',
};

export interface ConnectArguments {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly tags: unknown;
}

/**
 * `connect(port, host)` or `connect({ port, host, tls, tags })`.
 * @throws TypeError that names what cannot be used
 */
export function readConnect(first: unknown, second: unknown): ConnectArguments {
  if (typeof first !== 'object' || first === null)
    return { port: readPort(first), host: readHost(second), secure: false, tags: undefined };
  const { port, host, tls, tags } = first as Record<string, unknown>;
  if (tls !== undefined && tls !== null && typeof tls !== 'boolean')
    throw new TypeError(`connect() takes tls as true or false, not ${typeof tls}`);
  return { port: readPort(port), host: readHost(host), secure: tls === true, tags };
}

function readPort(given: unknown): number {
  const port = typeof given === 'number' || (typeof given === 'string' && given !== '') ? Number(given) : Number.NaN;
  if (Number.isInteger(port) && port >= 1 && port <= MOST_PORT) return port;
  const shown = typeof given === 'string' || typeof given === 'number' ? JSON.stringify(given) : typeof given;
  throw new TypeError(`connect() takes a port from 1 to ${MOST_PORT}, not ${shown}`);
}

function readHost(given: unknown): string {
  if (given === undefined || given === null || given === '') return 'localhost';
  if (typeof given !== 'string') throw new TypeError(`connect() takes the host as text, not ${typeof given}`);
  return given.replace(/^\[(.*)\]$/, '$1');
}

/**
 * `write(data, { encoding, tags })`
 * @throws TypeError that names what cannot be used
 */
export function readWrite(data: unknown, options: unknown): { bytes: Buffer; tags: unknown } {
  const { encoding, tags } = (typeof options === 'object' && options !== null ? options : {}) as Record<
    string,
    unknown
  >;
  if (typeof data === 'string') return { bytes: encode(data, encoding), tags };
  const bytes = toBytes(data);
  if (bytes === null)
    throw new TypeError(`write() takes text or an ArrayBuffer, not ${data === null ? 'null' : typeof data}`);
  // The script may change its buffer before it is sent.
  return { bytes: Buffer.from(bytes), tags };
}

function encode(text: string, encoding: unknown): Buffer {
  const name = encoding === undefined || encoding === null ? 'utf8' : String(encoding).toLowerCase();
  const known = Object.hasOwn(ENCODINGS, name) ? ENCODINGS[name] : undefined;
  if (known === undefined)
    throw new TypeError(
      `write() knows the encodings ${Object.keys(ENCODINGS).join(', ')}, not ${JSON.stringify(name)}`,
    );
  const valid =
    known === 'hex'
      ? /^(?:[0-9a-f]{2})*$/i
      : known === 'base64'
        ? /^[A-Za-z0-9+/\s]*={0,2}\s*$/
        : known === 'base64url'
          ? /^[\w-]*={0,2}$/
          : null;
  // One digit of base64 alone has no octet.
  const isCut = known.startsWith('base64') && text.replaceAll(/[\s=]/g, '').length % 4 === 1;
  if ((valid !== null && !valid.test(text)) || isCut) throw new TypeError(`write() got text that is no ${name}`);
  return Buffer.from(text, known);
}

/** @throws TypeError for what is no time */
export function readTimeout(given: unknown): number {
  const ms = Number(given);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new TypeError(`setTimeout() takes milliseconds, 0 for no limit, not ${String(given)}`);
}
