// What modules of k6 have here beyond k6, and what `@types/k6` leaves out of them.
import type { get } from 'k6/http';
import type { BlobOptions, BlobPart } from 'k6/websockets';

declare module 'k6/browser' {
  // NetworkProfile is not imported for it: that would bring the names of browsers to every script.
  /** What `page.throttleNetwork()` takes, by the names that people know (k6 page "page.throttleNetwork"). */
  export const networkProfiles: Readonly<
    Record<'No Throttling' | 'Slow 3G' | 'Fast 3G', { latency: number; download: number; upload: number }>
  >;
}

declare module 'k6/websockets' {
  interface WebSocket {
    /** Of Sixfold: takes back what addEventListener() added. */
    removeEventListener(event: EventName, listener: (event: any) => void): void;
  }

  interface Params {
    /** Of Sixfold: how long the handshake with all before it may take, in milliseconds or as '5s'. */
    timeout?: number | string;
    /** Of Sixfold: opens a wss:// socket over HTTP/2 (RFC 8441) where the server offers it. */
    http2?: boolean;
  }

  interface CloseEvent {
    type: 'close';
    code: number;
    reason: string;
    timestamp: number;
    /** Of Sixfold: whether both ends closed as they should. */
    wasClean: boolean;
  }
}

declare module 'k6/http' {
  /** Of Sixfold: bodies beside those of k6. */
  export type ObjectBody = ArrayBufferView | Blob | FormData | URLSearchParams;
  export function post<RT extends ResponseType | undefined>(
    url: Parameters<typeof get>[0],
    body: ObjectBody,
    params?: RefinedParams<RT> | null,
  ): RefinedResponse<RT>;
  export function put<RT extends ResponseType | undefined>(
    url: Parameters<typeof get>[0],
    body: ObjectBody,
    params?: RefinedParams<RT> | null,
  ): RefinedResponse<RT>;
  export function patch<RT extends ResponseType | undefined>(
    url: Parameters<typeof get>[0],
    body: ObjectBody,
    params?: RefinedParams<RT> | null,
  ): RefinedResponse<RT>;
  export function del<RT extends ResponseType | undefined>(
    url: Parameters<typeof get>[0],
    body: ObjectBody,
    params?: RefinedParams<RT> | null,
  ): RefinedResponse<RT>;
  export function options<RT extends ResponseType | undefined>(
    url: Parameters<typeof get>[0],
    body: ObjectBody,
    params?: RefinedParams<RT> | null,
  ): RefinedResponse<RT>;
  export function request<RT extends ResponseType | undefined>(
    method: string,
    url: Parameters<typeof get>[0],
    body: ObjectBody,
    params?: RefinedParams<RT> | null,
  ): RefinedResponse<RT>;
  export function asyncRequest<RT extends ResponseType | undefined>(
    method: string,
    url: Parameters<typeof get>[0],
    body: ObjectBody,
    params?: RefinedParams<RT> | null,
  ): Promise<RefinedResponse<RT>>;
}

declare module 'k6/ws' {
  interface Params {
    /** Of Sixfold: how long the handshake with all before it may take, in milliseconds or as '5s'. */
    timeout?: number | string;
    /** Of Sixfold: opens a wss:// socket over HTTP/2 (RFC 8441) where the server offers it. */
    http2?: boolean;
  }
}

declare module 'k6/crypto' {
  /** The bytes as hexadecimal digits. */
  export function hexEncode(data: ArrayBuffer | ArrayBufferView): string;
}

declare module 'k6/net/grpc' {
  /** k6 spells it HealthCheckServiceUnkown, which is there as well. */
  export const HealthCheckServiceUnknown: 3;
}

declare module 'k6/secrets' {
  /** As those of the default export. */
  export function get(name: string): Promise<string>;
  export function source(name: string): { get(name: string): Promise<string> };
}

declare module 'k6/experimental/streams' {
  /** Counts bytes, where CountQueuingStrategy counts chunks. */
  export class ByteLengthQueuingStrategy {
    constructor(options: { highWaterMark: number });
    readonly highWaterMark: number;
    size(chunk: { byteLength: number }): number;
  }

  /** https://streams.spec.whatwg.org/#ws-class */
  export class WritableStream {
    constructor(
      sink?: {
        start?(controller: WritableStreamDefaultController): unknown;
        write?(chunk: any, controller: WritableStreamDefaultController): unknown;
        close?(): unknown;
        abort?(reason: any): unknown;
      },
      strategy?: { highWaterMark?: number; size?(chunk: any): number },
    );
    readonly locked: boolean;
    abort(reason?: any): Promise<void>;
    close(): Promise<void>;
    getWriter(): WritableStreamDefaultWriter;
  }

  interface WritableStreamDefaultController {
    error(reason?: any): void;
  }

  export class WritableStreamDefaultWriter {
    constructor(stream: WritableStream);
    readonly closed: Promise<void>;
    readonly desiredSize: number | null;
    readonly ready: Promise<void>;
    abort(reason?: any): Promise<void>;
    close(): Promise<void>;
    releaseLock(): void;
    write(chunk?: any): Promise<void>;
  }
}

export type { BlobOptions, BlobPart };
