import type { ProxyRoute } from '../net/proxy.ts';
import type { Timings } from '../net/timings.ts';
import { type HeaderList, ReceivedHeaders } from './received-headers.ts';

export type { HeaderList };

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
  readonly received: ReceivedHeaders;

  /** @param headers as they came, or the lines of an HTTP/1 head behind its status line, or a list */
  constructor(
    status: number,
    statusText: string,
    proto: string,
    headers: ReceivedHeaders | string | HeaderList,
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
    this.received = headers instanceof ReceivedHeaders ? headers : new ReceivedHeaders(headers);
  }

  /** Names as the server wrote them. */
  get headers(): Readonly<HeaderList> {
    return this.received.list;
  }

  /** The values of one header, `name` in lower case. */
  values(name: string): string[] {
    const found: string[] = [];
    for (const [key, value] of this.headers)
      if (key.length === name.length && key.toLowerCase() === name) found.push(value);
    return found;
  }
}
