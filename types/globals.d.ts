// What a script finds without an import, beside what `@types/k6` describes. Where the editor knows the names already (lib.dom), those stand.
export {};

interface ConsoleLike {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  debug(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

type BytesLike = ArrayBuffer | ArrayBufferView;

interface UrlSearchParamsLike {
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  toString(): string;
  forEach(callback: (value: string, name: string, parent: URLSearchParams) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

interface UrlLike {
  href: string;
  readonly origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  readonly searchParams: URLSearchParams;
  hash: string;
  toString(): string;
  toJSON(): string;
}

interface EventLike {
  readonly type: string;
  readonly target: EventTarget | null;
  readonly currentTarget: EventTarget | null;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly defaultPrevented: boolean;
  readonly eventPhase: number;
  readonly isTrusted: boolean;
  readonly timeStamp: number;
  preventDefault(): void;
  stopPropagation(): void;
  stopImmediatePropagation(): void;
  composedPath(): EventTarget[];
}

interface CustomEventLike<Detail> extends Event {
  readonly detail: Detail;
}

type ListenerLike = ((event: any) => unknown) | { handleEvent(event: any): unknown };

interface EventTargetLike {
  addEventListener(
    type: string,
    listener: ListenerLike | null,
    options?: boolean | { capture?: boolean; once?: boolean; passive?: boolean; signal?: AbortSignal },
  ): void;
  removeEventListener(type: string, listener: ListenerLike | null, options?: boolean | { capture?: boolean }): void;
  dispatchEvent(event: Event): boolean;
}

interface AbortSignalLike extends EventTargetLike {
  readonly aborted: boolean;
  readonly reason: any;
  onabort: ((event: Event) => unknown) | null;
  throwIfAborted(): void;
}

interface AbortControllerLike {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

interface DomExceptionLike extends Error {
  readonly code: number;
}

/** As much as `k6/experimental/streams` has of it. */
interface ReadableStreamOfBytes {
  readonly locked: boolean;
  cancel(reason?: unknown): Promise<void>;
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array }>;
    releaseLock(): void;
    cancel(reason?: unknown): Promise<void>;
  };
}

interface BlobLike {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array>;
  slice(start?: number, end?: number, type?: string): Blob;
  /** A ReadableStream of k6/experimental/streams. */
  stream(): ReadableStreamOfBytes;
  text(): Promise<string>;
}

interface FileLike extends BlobLike {
  readonly name: string;
  readonly lastModified: number;
}

type FormValue = string | File;

interface FormDataLike {
  append(name: string, value: string | number | boolean): void;
  append(name: string, value: Blob, filename?: string): void;
  set(name: string, value: string | number | boolean): void;
  set(name: string, value: Blob, filename?: string): void;
  delete(name: string): void;
  get(name: string): FormValue | null;
  getAll(name: string): FormValue[];
  has(name: string): boolean;
  forEach(callback: (value: FormValue, name: string, parent: FormData) => void): void;
  entries(): IterableIterator<[string, FormValue]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<FormValue>;
  [Symbol.iterator](): IterableIterator<[string, FormValue]>;
}

type HeadersInitLike = Headers | Record<string, string> | Iterable<readonly [string, string]>;

interface HeadersLike {
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  getSetCookie(): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  forEach(callback: (value: string, name: string, parent: Headers) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

type BodyLike = string | BytesLike | Blob | FormData | URLSearchParams | null;

interface BodyMethods {
  /** A ReadableStream of k6/experimental/streams. */
  readonly body: ReadableStreamOfBytes | null;
  readonly bodyUsed: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
  blob(): Promise<Blob>;
  bytes(): Promise<Uint8Array>;
  formData(): Promise<FormData>;
  json(): Promise<any>;
  text(): Promise<string>;
}

interface RequestInitLike {
  method?: string;
  headers?: HeadersInitLike;
  body?: BodyLike;
  redirect?: 'follow' | 'error' | 'manual';
  credentials?: 'omit' | 'same-origin' | 'include';
  signal?: AbortSignal | null;
  /** Of Sixfold: tags of the request's samples. */
  tags?: Record<string, string | number | boolean>;
  /** Of Sixfold: how long it may take, in milliseconds or as '10s'. */
  timeout?: number | string;
}

interface RequestLike extends BodyMethods {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: 'follow' | 'error' | 'manual';
  readonly credentials: 'omit' | 'same-origin' | 'include';
  readonly signal: AbortSignal;
  clone(): Request;
}

interface ResponseInitLike {
  status?: number;
  statusText?: string;
  headers?: HeadersInitLike;
}

interface ResponseLike extends BodyMethods {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly redirected: boolean;
  readonly type: string;
  readonly url: string;
  clone(): Response;
}

interface CryptoLike {
  readonly subtle: SubtleLike;
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  randomUUID(): string;
}

/** https://www.w3.org/TR/webcrypto-2/: algorithms and keys are described there. */
interface SubtleLike {
  decrypt(algorithm: object | string, key: object, data: BytesLike): Promise<ArrayBuffer>;
  deriveBits(algorithm: object, baseKey: object, length?: number | null): Promise<ArrayBuffer>;
  deriveKey(
    algorithm: object,
    baseKey: object,
    derived: object | string,
    extractable: boolean,
    usages: string[],
  ): Promise<object>;
  digest(algorithm: object | string, data: BytesLike): Promise<ArrayBuffer>;
  encrypt(algorithm: object | string, key: object, data: BytesLike): Promise<ArrayBuffer>;
  exportKey(format: 'raw' | 'pkcs8' | 'spki' | 'jwk', key: object): Promise<any>;
  generateKey(algorithm: object | string, extractable: boolean, usages: string[]): Promise<any>;
  importKey(
    format: 'raw' | 'pkcs8' | 'spki' | 'jwk',
    data: any,
    algorithm: object | string,
    extractable: boolean,
    usages: string[],
  ): Promise<object>;
  sign(algorithm: object | string, key: object, data: BytesLike): Promise<ArrayBuffer>;
  unwrapKey(
    format: string,
    wrapped: BytesLike,
    key: object,
    by: object | string,
    algorithm: object | string,
    extractable: boolean,
    usages: string[],
  ): Promise<object>;
  verify(algorithm: object | string, key: object, signature: BytesLike, data: BytesLike): Promise<boolean>;
  wrapKey(format: string, key: object, wrappingKey: object, algorithm: object | string): Promise<ArrayBuffer>;
}

interface TextEncoderLike {
  readonly encoding: string;
  encode(text?: string): Uint8Array;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}

interface TextDecoderLike {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(bytes?: BytesLike, options?: { stream?: boolean }): string;
}

/** Interfaces by the names of the classes, where no other library has them. */
type Unless<Name extends string, Ours> = typeof globalThis extends { onmessage: any } & { [N in Name]: any }
  ? {}
  : Ours;

declare global {
  interface URL extends Unless<'URL', UrlLike> {}
  interface URLSearchParams extends Unless<'URLSearchParams', UrlSearchParamsLike> {}
  interface Event extends Unless<'Event', EventLike> {}
  interface EventTarget extends Unless<'EventTarget', EventTargetLike> {}
  interface AbortSignal extends Unless<'AbortSignal', AbortSignalLike> {}
  interface AbortController extends Unless<'AbortController', AbortControllerLike> {}
  interface DOMException extends Unless<'DOMException', DomExceptionLike> {}
  interface Blob extends Unless<'Blob', BlobLike> {}
  interface File extends Unless<'File', FileLike> {}
  interface FormData extends Unless<'FormData', FormDataLike> {}
  interface Headers extends Unless<'Headers', HeadersLike> {}
  interface Request extends Unless<'Request', RequestLike> {}
  interface Response extends Unless<'Response', ResponseLike> {}
  interface RequestInit extends Unless<'Request', RequestInitLike> {
    /** Of Sixfold: tags of the request's samples. */
    tags?: Record<string, string | number | boolean>;
    /** Of Sixfold: how long it may take, in milliseconds or as '10s'. */
    timeout?: number | string;
  }

  /** Loads a module; init code only. */
  function require(specifier: string): any;
  /** The global object of the virtual user. */
  var global: typeof globalThis;

  var console: typeof globalThis extends { onmessage: any; console: infer Known } ? Known : ConsoleLike;
  var crypto: typeof globalThis extends { onmessage: any; crypto: infer Known } ? Known : CryptoLike;
  function setTimeout(callback: (...args: any[]) => unknown, ms?: number, ...args: any[]): number;
  function setInterval(callback: (...args: any[]) => unknown, ms?: number, ...args: any[]): number;
  function clearTimeout(id: number | undefined): void;
  function clearInterval(id: number | undefined): void;
  var TextEncoder: typeof globalThis extends { onmessage: any; TextEncoder: infer Known }
    ? Known
    : { new (): TextEncoderLike };
  var TextDecoder: typeof globalThis extends { onmessage: any; TextDecoder: infer Known }
    ? Known
    : { new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoderLike };

  // Of Sixfold: docs/reference/modules.md, "Globals of the web".
  function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  var Request: typeof globalThis extends { onmessage: any; Request: infer Known }
    ? Known
    : { new (input: string | URL | Request, init?: RequestInitLike): Request };
  var Response: typeof globalThis extends { onmessage: any; Response: infer Known }
    ? Known
    : {
        new (body?: BodyLike, init?: ResponseInitLike): Response;
        error(): Response;
        json(data: unknown, init?: ResponseInitLike): Response;
        redirect(url: string | URL, status?: number): Response;
      };
  var Headers: typeof globalThis extends { onmessage: any; Headers: infer Known }
    ? Known
    : { new (init?: HeadersInitLike): Headers };
  var FormData: typeof globalThis extends { onmessage: any; FormData: infer Known } ? Known : { new (): FormData };
  var Blob: typeof globalThis extends { onmessage: any; Blob: infer Known }
    ? Known
    : { new (parts?: (BytesLike | Blob | string)[], options?: { type?: string }): Blob };
  var File: typeof globalThis extends { onmessage: any; File: infer Known }
    ? Known
    : {
        new (
          parts: (BytesLike | Blob | string)[],
          name: string,
          options?: { type?: string; lastModified?: number },
        ): File;
      };
  var URL: typeof globalThis extends { onmessage: any; URL: infer Known }
    ? Known
    : {
        new (address: string | URL, base?: string | URL): URL;
        canParse(address: string, base?: string): boolean;
        parse(address: string, base?: string): URL | null;
      };
  var URLSearchParams: typeof globalThis extends { onmessage: any; URLSearchParams: infer Known }
    ? Known
    : {
        new (
          init?: string | URLSearchParams | Record<string, string> | Iterable<readonly [string, string]>,
        ): URLSearchParams;
      };
  var AbortController: typeof globalThis extends { onmessage: any; AbortController: infer Known }
    ? Known
    : { new (): AbortController };
  var AbortSignal: typeof globalThis extends { onmessage: any; AbortSignal: infer Known }
    ? Known
    : {
        abort(reason?: unknown): AbortSignal;
        any(signals: Iterable<AbortSignal>): AbortSignal;
        timeout(ms: number): AbortSignal;
      };
  var Event: typeof globalThis extends { onmessage: any; Event: infer Known }
    ? Known
    : { new (type: string, options?: { bubbles?: boolean; cancelable?: boolean; composed?: boolean }): Event };
  var CustomEvent: typeof globalThis extends { onmessage: any; CustomEvent: infer Known }
    ? Known
    : {
        new <Detail = null>(type: string, options?: { cancelable?: boolean; detail?: Detail }): CustomEventLike<Detail>;
      };
  var EventTarget: typeof globalThis extends { onmessage: any; EventTarget: infer Known }
    ? Known
    : { new (): EventTarget };
  var DOMException: typeof globalThis extends { onmessage: any; DOMException: infer Known }
    ? Known
    : { new (message?: string, name?: string | { name?: string; cause?: unknown }): DOMException };
  var ReadableStream: typeof globalThis extends { onmessage: any; ReadableStream: infer Known }
    ? Known
    : typeof import('k6/experimental/streams').ReadableStream;
  var WritableStream: typeof globalThis extends { onmessage: any; WritableStream: infer Known }
    ? Known
    : typeof import('k6/experimental/streams').WritableStream;
  var CountQueuingStrategy: typeof globalThis extends { onmessage: any; CountQueuingStrategy: infer Known }
    ? Known
    : typeof import('k6/experimental/streams').CountQueuingStrategy;
  var ByteLengthQueuingStrategy: typeof globalThis extends { onmessage: any; ByteLengthQueuingStrategy: infer Known }
    ? Known
    : typeof import('k6/experimental/streams').ByteLengthQueuingStrategy;
  function structuredClone<T>(value: T, options?: { transfer?: ArrayBuffer[] }): T;
  function queueMicrotask(callback: () => unknown): void;
  function atob(text: string): string;
  function btoa(text: string): string;
}
