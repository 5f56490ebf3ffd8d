// The strict scan of a response's head (RFC 9112 sections 2–6): one pass over the bytes, nothing allocated.

/** Characters of a token (RFC 9110 section 5.6.2). */
const TOKEN = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  TOKEN[char.charCodeAt(0)] = 1;
/** Bytes of a field value: visible, blank, or not ASCII. */
const VALUE = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) VALUE[byte] = byte === 9 || (byte >= 32 && byte !== 127) ? 1 : 0;

const CR = 13;
const LF = 10;
const COLON = 58;

export const INCOMPLETE = -1;
export const MALFORMED = -2;

/** The fault of what does not even begin as HTTP/1 does. */
export const NOT_HTTP = 'malformed HTTP response';

/** What the scan of a head found out; one is reused for all heads of a parser. */
export class Head {
  /** 10 or 11: the minor version decides on persistence. */
  version = 11;
  status = 0;
  /** Where the reason phrase begins and ends, and where the header lines begin, as offsets in the scanned bytes. */
  reasonStart = 0;
  reasonEnd = 0;
  linesStart = 0;
  linesEnd = 0;
  /** -1: none was given. */
  contentLength = -1;
  chunked = false;
  /** What the Connection header asks for. */
  close = false;
  keepAlive = false;
  /** Some byte is not ASCII. */
  wide = false;
  /** Why the head is malformed. */
  fault = '';

  clear(): void {
    this.contentLength = -1;
    this.chunked = false;
    this.close = false;
    this.keepAlive = false;
    this.wide = false;
    this.fault = '';
  }

  /**
   * Scans `bytes` from `start` up to `end`.
   * @returns the offset behind the empty line, {@link INCOMPLETE} or {@link MALFORMED} (then `fault` says why)
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    this.clear();
    const lines = this.scanStatusLine(bytes, start, end);
    return lines < 0 ? lines : this.scanFields(bytes, lines, end);
  }

  /** The first line only; a bad one is worth knowing before the rest has come. */
  scanStatusLine(bytes: Uint8Array, start: number, end: number): number {
    const prefix = 'HTTP/1.';
    for (let index = 0; index < prefix.length; index++) {
      if (start + index >= end) return INCOMPLETE;
      if (bytes[start + index] !== prefix.charCodeAt(index)) return this.#malformed(NOT_HTTP);
    }
    if (end - start < 13) {
      return bytes.indexOf(LF, start) >= 0 && bytes.indexOf(LF, start) < end
        ? this.#malformed('malformed HTTP status line')
        : INCOMPLETE;
    }
    const minor = bytes[start + 7]! - 48;
    const hundreds = bytes[start + 9]! - 48;
    const tens = bytes[start + 10]! - 48;
    const ones = bytes[start + 11]! - 48;
    if (minor < 0 || minor > 9 || bytes[start + 8] !== 32) return this.#malformed('malformed HTTP version');
    if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || ones < 0 || ones > 9)
      return this.#malformed('malformed HTTP status code');
    let at = start + 12;
    // The space is required even without a reason, yet many servers leave it out.
    if (bytes[at] === 32) at++;
    else if (bytes[at] !== CR && bytes[at] !== LF) return this.#malformed('malformed HTTP status code');
    this.version = minor === 0 ? 10 : 11;
    this.status = hundreds * 100 + tens * 10 + ones;
    this.reasonStart = at;
    while (at < end && VALUE[bytes[at]!] === 1) at++;
    this.reasonEnd = at;
    if (at >= end) return INCOMPLETE;
    if (bytes[at] === CR) {
      at++;
      if (at >= end) return INCOMPLETE;
    }
    if (bytes[at] !== LF) return this.#malformed('malformed HTTP status line');
    return at + 1;
  }

  /** Header or trailer lines up to and with the empty line; `from` is the start of a line. */
  scanFields(bytes: Uint8Array, from: number, end: number): number {
    this.linesStart = from;
    let at = from;
    for (;;) {
      if (at >= end) return INCOMPLETE;
      const first = bytes[at]!;
      if (first === LF || first === CR) {
        if (first === CR) {
          if (at + 1 >= end) return INCOMPLETE;
          if (bytes[at + 1] !== LF) return this.#malformed('malformed header line');
        }
        this.linesEnd = at;
        return first === CR ? at + 2 : at + 1;
      }
      const nameStart = at;
      if (first === 32 || first === 9) return this.#malformed('malformed header: it begins with white space');
      while (at < end && TOKEN[bytes[at]!] === 1) at++;
      if (at >= end) return INCOMPLETE;
      if (bytes[at] !== COLON || at === nameStart) return this.#malformed('malformed header line');
      const nameEnd = at++;
      const valueStart = at;
      let valueEnd = at;
      do {
        let wide = 0;
        while (at < end && VALUE[bytes[at]!] === 1) wide |= bytes[at++]!;
        if (at >= end) return INCOMPLETE;
        if (wide > 127) this.wide = true;
        valueEnd = at;
        if (bytes[at] === CR) {
          at++;
          if (at >= end) return INCOMPLETE;
        }
        if (bytes[at] !== LF) return this.#malformed('malformed header value');
        at++;
        // A line that begins with white space goes on with the value (section 5.2), and may well hold what decides on the framing.
        if (at >= end) return INCOMPLETE;
      } while (bytes[at] === 32 || bytes[at] === 9);
      if (!this.#notice(bytes, nameStart, nameEnd, valueStart, valueEnd)) return MALFORMED;
    }
  }

  /** Takes in the few fields that decide how the message is framed. False: malformed. */
  #notice(bytes: Uint8Array, nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): boolean {
    switch (nameEnd - nameStart) {
      case 10:
        if (matches(bytes, nameStart, 'connection')) this.#noticeConnection(bytes, valueStart, valueEnd);
        return true;
      case 14:
        return !matches(bytes, nameStart, 'content-length') || this.#noticeLength(bytes, valueStart, valueEnd);
      case 17: {
        if (!matches(bytes, nameStart, 'transfer-encoding')) return true;
        const value = textOf(bytes, valueStart, valueEnd);
        // Go knows no other coding either; a body in an unknown one could not be delimited.
        if (value !== 'chunked' || this.chunked) {
          this.#malformed(`unsupported transfer encoding: ${value}`);
          return false;
        }
        this.chunked = true;
        return true;
      }
      default:
        return true;
    }
  }

  #noticeConnection(bytes: Uint8Array, start: number, end: number): void {
    if (end - start === 11 && bytes[start] === 32 && matches(bytes, start + 1, 'keep-alive')) {
      this.keepAlive = true;
      return;
    }
    for (const option of textOf(bytes, start, end).split(',')) {
      const name = option.trim();
      if (name === 'close') this.close = true;
      else if (name === 'keep-alive') this.keepAlive = true;
    }
  }

  #noticeLength(bytes: Uint8Array, from: number, to: number): boolean {
    let at = from;
    let end = to;
    while (at < end && isBlank(bytes[at]!)) at++;
    while (end > at && isBlank(bytes[end - 1]!)) end--;
    let length = at === end || end - at > 15 ? -1 : 0;
    for (; at < end && length >= 0; at++) {
      const digit = bytes[at]! - 48;
      length = digit >= 0 && digit <= 9 ? length * 10 + digit : -1;
    }
    if (length < 0 || (this.contentLength >= 0 && this.contentLength !== length)) {
      this.#malformed(`bad Content-Length "${textOf(bytes, from, to)}"`);
      return false;
    }
    this.contentLength = length;
    return true;
  }

  #malformed(fault: string): number {
    this.fault = fault;
    return MALFORMED;
  }
}

/** White space, also that of lines which go on with the value of the one before. */
function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === CR || byte === LF;
}

/** Whether the bytes at `start` are `name`, whatever their case. */
function matches(bytes: Uint8Array, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    const byte = bytes[start + index]!;
    const lower = byte >= 65 && byte <= 90 ? byte | 32 : byte;
    if (lower !== name.charCodeAt(index)) return false;
  }
  return true;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    .toString('latin1')
    .trim()
    .toLowerCase();
}
