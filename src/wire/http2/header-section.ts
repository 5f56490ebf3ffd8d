import type { HeaderField } from './hpack/header-field.ts';

/** What the connection has to know of a response's header section. */
export interface ResponseHead {
  /** Why the section is malformed (RFC 9113 section 8.1.1), or null. */
  readonly fault: string | null;
  readonly status: number;
  /** -1 when there is none. */
  readonly contentLength: number;
  /** For whoever makes something of the same section again and again; its own business. */
  derived: unknown;
}

const CONNECTION_SPECIFIC = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Token characters of RFC 9110 section 5.6.2, upper case excluded. */
const NAME_OCTET = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") NAME_OCTET[char.charCodeAt(0)] = 1;

function findFault(name: string, value: string): string | null {
  if (name.length === 0) return 'a header without a name';
  for (let at = 0; at < name.length; at++)
    if (NAME_OCTET[name.charCodeAt(at)] !== 1) return `invalid header field name ${JSON.stringify(name)}`;
  if (CONNECTION_SPECIFIC.has(name)) return `connection-specific header ${JSON.stringify(name)}`;
  for (let at = 0; at < value.length; at++) {
    const octet = value.charCodeAt(at);
    if ((octet < 0x20 && octet !== 9) || octet === 0x7f) return `invalid value of header ${JSON.stringify(name)}`;
  }
  return null;
}

function readLength(previous: number, value: string): number | null {
  if (!/^\d{1,15}$/.test(value)) return null;
  const length = Number(value);
  return previous >= 0 && previous !== length ? null : length;
}

/** Judges the fields of a response, informational ones included. */
export function readResponseHead(fields: readonly HeaderField[]): ResponseHead {
  let status = 0;
  let contentLength = -1;
  const malformed = (fault: string): ResponseHead => ({ fault, status, contentLength, derived: undefined });
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] as HeaderField;
    const { name, value } = field;
    if (name.charCodeAt(0) === 58) {
      if (name !== ':status') return malformed(`unknown pseudo header ${JSON.stringify(name)}`);
      if (at !== 0) return malformed(status === 0 ? 'pseudo header behind a regular one' : 'more than one :status');
      if (!/^[1-9]\d\d$/.test(value)) return malformed(`malformed :status ${JSON.stringify(value)}`);
      status = Number(value);
      continue;
    }
    const fault = findFault(field.name, field.value);
    if (fault !== null) return malformed(fault);
    if (name === 'content-length') {
      const length = readLength(contentLength, value);
      if (length === null) return malformed('malformed content-length');
      contentLength = length;
    }
  }
  if (status === 0) return malformed('no :status');
  if (status === 101) return malformed('status 101 has no place in HTTP/2');
  return { fault: null, status, contentLength, derived: undefined };
}

/**
 * Octets that the body must have; -1 when any number will do. Where there is no body by definition, a length may be
 * announced all the same (RFC 9110 section 8.6), but nothing must come.
 * @param bodiless the answer to HEAD
 */
export function expectedLength(head: ResponseHead, bodiless: boolean): number {
  return bodiless || head.status === 204 || head.status === 304 ? 0 : head.contentLength;
}

/** Why a trailer section is malformed, or null. */
export function findTrailerFault(fields: readonly HeaderField[]): string | null {
  for (const field of fields) {
    if (field.name.charCodeAt(0) === 58) return `pseudo header ${JSON.stringify(field.name)} in trailers`;
    const fault = findFault(field.name, field.value);
    if (fault !== null) return fault;
  }
  return null;
}
