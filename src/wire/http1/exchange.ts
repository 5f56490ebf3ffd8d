import type { ProxyRoute } from '../net/proxy.ts';
import type { Timings } from '../net/timings.ts';
import { parseHeaderLines } from './header-lines.ts';

export type HeaderList = [name: string, value: string][];

/** One HTTP request as it goes on the wire, whichever version carries it. */
export interface HttpRequest {
  method: string;
  scheme: 'http' | 'https';
  /** A name or an address; IPv6 without brackets. */
  host: string;
  port: number;
  /** With the query; never empty. */
  path: string;
  /** In order, `Host` and `Content-Length` included. Nothing is added to them. */
  headers: HeaderList;
  /** A string is sent as UTF-8. */
  body: Uint8Array | string | null;
  /** What it goes through; null: straight to the host. */
  proxy?: ProxyRoute | null;
  /** The head as HTTP/1.1 writes it, when the caller keeps it for requests that are all alike. */
  http1Head?: string;
}

/** A final response. Its headers stay text until somebody looks at them. */
export class HttpResponse {
  status: number;
  statusText: string;
  /** `HTTP/1.1`, `HTTP/1.0`, `HTTP/2.0`. */
  proto: string;
  /** The payload as it came (still encoded); null when the request did not want it, or there can be none. */
  body: Buffer | null;
  timings: Timings;
  remoteIp: string;
  remotePort: number;
  tls: { version: string; cipher: string } | null;
  /** True when the status or the method rule out a body (HEAD, 1xx, 204, 304). */
  bodiless: boolean;
  #lines: string;
  #headers: HeaderList | null;
  #setsCookies: boolean | null = null;

  /** @param headers either the lines of an HTTP/1 head behind its status line, or a list */
  constructor(
    status: number,
    statusText: string,
    proto: string,
    headers: string | HeaderList,
    body: Buffer | null,
    bodiless: boolean,
    timings: Timings,
    connection: { remoteAddress: string; remotePort: number; tls: { version: string; cipher: string } | null },
  ) {
    this.status = status;
    this.statusText = statusText;
    this.proto = proto;
    this.body = body;
    this.bodiless = bodiless;
    this.timings = timings;
    this.remoteIp = connection.remoteAddress;
    this.remotePort = connection.remotePort;
    this.tls = connection.tls;
    if (typeof headers === 'string') {
      this.#lines = headers;
      this.#headers = null;
    } else {
      this.#lines = '';
      this.#headers = headers;
    }
  }

  /** The head's lines as they came; empty where the headers came as a list. */
  get lines(): string {
    return this.#lines;
  }

  /** Names as the server wrote them. */
  get headers(): HeaderList {
    this.#headers ??= parseHeaderLines(this.#lines);
    return this.#headers;
  }

  /** The values of one header, `name` in lower case. */
  values(name: string): string[] {
    const found: string[] = [];
    for (const [key, value] of this.headers)
      if (key.length === name.length && key.toLowerCase() === name) found.push(value);
    return found;
  }

  /** Whether there is a Set-Cookie header. */
  get setsCookies(): boolean {
    this.#setsCookies ??= this.mayHave('set-cookie');
    return this.#setsCookies;
  }

  /**
   * Whether the head may hold `name` (lower case): false is certain. Spares parsing the list for what most responses
   * do not have.
   */
  mayHave(name: string): boolean {
    if (this.#headers !== null) return this.#headers.some(([key]) => key.toLowerCase() === name);
    return containsName(this.#lines, name);
  }
}

/** Looks for a line that begins with `name` and a colon; case does not matter. */
function containsName(lines: string, name: string): boolean {
  const first = name.charCodeAt(0);
  let at = 0;
  while (at < lines.length) {
    if ((lines.charCodeAt(at) | 0x20) === first && lines.charCodeAt(at + name.length) === 58) {
      if (lines.slice(at, at + name.length).toLowerCase() === name) return true;
    }
    const end = lines.indexOf('\n', at);
    if (end < 0) return false;
    at = end + 1;
  }
  return false;
}
