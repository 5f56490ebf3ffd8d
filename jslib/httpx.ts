// Sessions of requests, as k6's users have them from https://jslib.k6.io/httpx/ (https://grafana.com/docs/k6/latest/javascript-api/jslib/httpx/).
import http, { type Params, type RefinedResponse, type RequestBody, type ResponseType } from 'k6/http';

type Response = RefinedResponse<ResponseType | undefined>;

export interface HttpxOptions {
  /** Stands before addresses that are not whole. */
  baseURL?: string;
  headers?: Record<string, string>;
  tags?: Record<string, string>;
  /** Milliseconds, or text such as '20s'. */
  timeout?: number | string;
}

/** A request of a batch. */
export class Request {
  readonly method: string;
  readonly path: string;
  readonly body: RequestBody | null;
  readonly params: Params;
  constructor(method: string, path: string, body: RequestBody | null = null, params: Params = {}) {
    this.method = method.toUpperCase();
    this.path = path;
    this.body = body;
    this.params = params ?? {};
  }
}

const requestClass = (method: string) =>
  class extends Request {
    constructor(path: string, body: RequestBody | null = null, params: Params = {}) {
      super(method, path, body, params);
    }
  };

export const Get = requestClass('GET');
export const Post = requestClass('POST');
export const Put = requestClass('PUT');
export const Patch = requestClass('PATCH');
export const Delete = requestClass('DELETE');
export const Options = requestClass('OPTIONS');
export const Head = requestClass('HEAD');

/** Requests with an address, headers and tags in common. */
export class Httpx {
  baseURL: string;
  headers: Record<string, string>;
  tags: Record<string, string>;
  timeout: number | string;

  constructor({ baseURL = '', headers = {}, tags = {}, timeout = 60_000 }: HttpxOptions = {}) {
    this.baseURL = baseURL;
    this.headers = { ...headers };
    this.tags = { ...tags };
    this.timeout = timeout;
  }

  setBaseUrl(url: string): void {
    this.baseURL = url;
  }
  addHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  addHeaders(headers: Record<string, string>): void {
    Object.assign(this.headers, headers);
  }
  clearHeader(name: string): void {
    delete this.headers[name];
  }
  addTag(name: string, value: string): void {
    this.tags[name] = value;
  }
  addTags(tags: Record<string, string>): void {
    Object.assign(this.tags, tags);
  }
  clearTag(name: string): void {
    delete this.tags[name];
  }

  request(method: string, url: string, body: RequestBody | null = null, params: Params = {}): Response {
    return http.request(method, this.#addressOf(url), body, this.#paramsOf(params));
  }
  asyncRequest(method: string, url: string, body: RequestBody | null = null, params: Params = {}): Promise<Response> {
    return http.asyncRequest(method, this.#addressOf(url), body, this.#paramsOf(params));
  }

  get(url: string, body?: RequestBody | null, params?: Params): Response {
    return this.request('GET', url, body, params);
  }
  post(url: string, body?: RequestBody | null, params?: Params): Response {
    return this.request('POST', url, body, params);
  }
  put(url: string, body?: RequestBody | null, params?: Params): Response {
    return this.request('PUT', url, body, params);
  }
  patch(url: string, body?: RequestBody | null, params?: Params): Response {
    return this.request('PATCH', url, body, params);
  }
  delete(url: string, body?: RequestBody | null, params?: Params): Response {
    return this.request('DELETE', url, body, params);
  }
  options(url: string, body?: RequestBody | null, params?: Params): Response {
    return this.request('OPTIONS', url, body, params);
  }
  head(url: string, body?: RequestBody | null, params?: Params): Response {
    return this.request('HEAD', url, body, params);
  }

  asyncGet(url: string, body?: RequestBody | null, params?: Params): Promise<Response> {
    return this.asyncRequest('GET', url, body, params);
  }
  asyncPost(url: string, body?: RequestBody | null, params?: Params): Promise<Response> {
    return this.asyncRequest('POST', url, body, params);
  }
  asyncPut(url: string, body?: RequestBody | null, params?: Params): Promise<Response> {
    return this.asyncRequest('PUT', url, body, params);
  }
  asyncPatch(url: string, body?: RequestBody | null, params?: Params): Promise<Response> {
    return this.asyncRequest('PATCH', url, body, params);
  }
  asyncDelete(url: string, body?: RequestBody | null, params?: Params): Promise<Response> {
    return this.asyncRequest('DELETE', url, body, params);
  }
  asyncOptions(url: string, body?: RequestBody | null, params?: Params): Promise<Response> {
    return this.asyncRequest('OPTIONS', url, body, params);
  }
  asyncHead(url: string, body?: RequestBody | null, params?: Params): Promise<Response> {
    return this.asyncRequest('HEAD', url, body, params);
  }

  /** Requests at the same time. @param params of all of them; their own go before */
  batch(requests: readonly Request[], params: Params = {}): Response[] {
    return http.batch(
      requests.map((one) => ({
        method: one.method,
        url: this.#addressOf(one.path),
        body: one.body,
        params: this.#paramsOf({
          ...params,
          ...one.params,
          headers: { ...params.headers, ...one.params.headers },
          tags: { ...params.tags, ...one.params.tags },
        }),
      })),
    ) as Response[];
  }

  #addressOf(url: string): string {
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `${this.baseURL}${url}`;
  }
  #paramsOf(params: Params | null | undefined): Params {
    return {
      timeout: this.timeout,
      ...params,
      headers: { ...this.headers, ...params?.headers },
      tags: { ...this.tags, ...params?.tags },
    };
  }
}

export default { Httpx, Request, Get, Post, Put, Patch, Delete, Options, Head };
