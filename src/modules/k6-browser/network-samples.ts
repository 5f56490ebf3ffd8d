// Samples of the requests that pages make, from what the browser tells of its network (https://chromedevtools.github.io/devtools-protocol/tot/Network/).

import { maskCredentials } from '../../addresses/credentials.ts';
import type { TagSet } from '../../metrics/tag-set.ts';
import { tagFailure } from '../../vu/network-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { CdpMessage } from './cdp-transport.ts';
import { networkFailure } from './failures.ts';
import type { GuardedWay } from './guarded-way.ts';

type Emit = (targetId: string, url: string, method: string, take: (name: string | null) => void) => void;

interface Headers {
  readonly [name: string]: string;
}

interface ResponseInfo {
  readonly status: number;
  readonly protocol?: string;
  readonly remoteIPAddress?: string;
  readonly fromDiskCache?: boolean;
  readonly fromServiceWorker?: boolean;
  readonly fromPrefetchCache?: boolean;
  readonly encodedDataLength: number;
}

/** A request on its way. */
interface Open {
  /** The page that asked. */
  readonly targetId: string;
  readonly url: string;
  readonly method: string;
  readonly type: string;
  /** Seconds, by the browser's clock. */
  readonly since: number;
  /** As they were when the page asked. */
  readonly tags: TagSet;
  sent: number;
  response: ResponseInfo | null;
  fromCache: boolean;
}

export class NetworkSamples {
  readonly #vu: VirtualUser;
  readonly #emit: Emit;
  readonly #way: GuardedWay;
  readonly #open = new Map<string, Open>();

  /** @param emit lets handlers name what is measured first @param way knows why a host was refused */
  constructor(vu: VirtualUser, emit: Emit, way: GuardedWay) {
    this.#vu = vu;
    this.#emit = emit;
    this.#way = way;
  }

  /**
   * Takes an event of the browser.
   * @param targetId the page: what one of its sessions begins may come to its end on another, as documents of frames of other sites do
   */
  hear({ method, params }: CdpMessage, targetId: string): void {
    if (params === undefined || method === undefined || !method.startsWith('Network.')) return;
    const key = `${targetId}/${params['requestId'] as string}`;
    switch (method) {
      case 'Network.requestWillBeSent':
        this.#begin(key, targetId, params);
        return;
      case 'Network.requestServedFromCache': {
        const open = this.#open.get(key);
        if (open !== undefined) open.fromCache = true;
        return;
      }
      case 'Network.requestWillBeSentExtraInfo': {
        const open = this.#open.get(key);
        if (open !== undefined) open.sent = Math.max(open.sent, sizeOfRequest(open, params['headers'] as Headers, 0));
        return;
      }
      case 'Network.responseReceived': {
        const open = this.#open.get(key);
        if (open !== undefined) open.response = params['response'] as ResponseInfo;
        return;
      }
      case 'Network.loadingFinished':
        this.#end(key, params['timestamp'] as number, params['encodedDataLength'] as number, null);
        return;
      case 'Network.loadingFailed':
        this.#end(key, params['timestamp'] as number, 0, params['errorText'] as string);
    }
  }

  /** What is on its way is nobody's any more. */
  forget(): void {
    this.#open.clear();
  }

  #begin(key: string, targetId: string, params: Readonly<Record<string, unknown>>): void {
    const request = params['request'] as { url: string; method: string; headers: Headers; postData?: string };
    const since = params['timestamp'] as number;
    const redirect = params['redirectResponse'] as ResponseInfo | undefined;
    const before = this.#open.get(key);
    if (before !== undefined && redirect !== undefined) {
      before.response = redirect;
      this.#end(key, since, redirect.encodedDataLength, null);
    }
    // What no network is asked for; and the icon that the browser wants for its own window, whether the page has one or not.
    if (!/^https?:/i.test(request.url) || (params['type'] === 'Other' && /\/favicon\.ico$/.test(request.url))) return;
    const open: Open = {
      targetId,
      url: maskCredentials(request.url),
      method: request.method,
      type: (params['type'] as string | undefined) ?? 'Other',
      since,
      tags: this.#vu.tags,
      sent: 0,
      response: null,
      fromCache: false,
    };
    open.sent = sizeOfRequest(open, request.headers, Buffer.byteLength(request.postData ?? ''));
    this.#open.set(key, open);
  }

  #end(key: string, until: number, received: number, errorText: string | null): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    this.#open.delete(key);
    // A page that goes elsewhere gives up what it had asked for: that has not failed.
    if (errorText === 'net::ERR_ABORTED' && open.response === null) return;
    const { environment } = this.#vu;
    const time = environment.now();
    this.#emit(open.targetId, open.url, open.method, (name) => {
      const { samples, metrics } = environment;
      const status = open.response?.status ?? 0;
      let tags = this.#tag(open, name);
      const isFailed = errorText !== null || status < 200 || status > 399;
      if (errorText !== null)
        tags = tagFailure(environment, tags, 'http', networkFailure(errorText, this.#way, open.url));
      samples.add(metrics.browser_data_sent, tags, open.sent, time);
      samples.add(metrics.browser_data_received, tags, received, time);
      if (open.response !== null)
        samples.add(metrics.browser_http_req_duration, tags, Math.max(0, (until - open.since) * 1000), time);
      samples.add(metrics.browser_http_req_failed, tags, isFailed ? 1 : 0, time);
    });
  }

  #tag({ url, method, type, tags: base, response, fromCache }: Open, name: string | null): TagSet {
    const { systemTags } = this.#vu.environment.options;
    const shown = name ?? url;
    let tags = base;
    const add = (tag: string, value: string): void => {
      if (systemTags.includes(tag)) tags = tags.with(tag, value);
    };
    add('method', method);
    add('name', shown);
    add('url', shown);
    add('status', String(response?.status ?? 0));
    if (response?.protocol) add('proto', response.protocol);
    if (response?.remoteIPAddress) add('ip', response.remoteIPAddress);
    return tags
      .with('resource_type', type)
      .with('from_cache', String(fromCache || response?.fromDiskCache === true))
      .with('from_prefetch_cache', String(response?.fromPrefetchCache === true))
      .with('from_service_worker', String(response?.fromServiceWorker === true));
  }
}

/** Octets of a request as HTTP/1.1 writes it: what later versions make of it the browser does not tell. */
function sizeOfRequest({ method, url }: Open, headers: Headers, body: number): number {
  let size = method.length + url.length + ' HTTP/1.1\r\n '.length + '\r\n'.length + body;
  for (const [name, value] of Object.entries(headers)) size += Buffer.byteLength(name + value) + ': \r\n'.length;
  return size;
}
