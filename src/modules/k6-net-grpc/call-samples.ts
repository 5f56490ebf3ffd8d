// The samples of calls and streams, and their tags.
import type { Metric } from '../../metrics/metric.ts';
import type { TagSet } from '../../metrics/tag-set.ts';
import { addCustomTags } from '../../vu/custom-tags.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { type FailedExchange, noteFailure, remoteOf } from '../../vu/note-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { Connection } from '../../wire/net/connection.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import type { MethodDescriptor } from '../../wire/protobuf/index.ts';

/** What the tags of a call came to, and what they were made of: nearly all calls share theirs with the one before. */
interface KnownTags {
  readonly base: TagSet;
  readonly address: string;
  readonly method: MethodDescriptor;
  readonly tags: TagSet;
}

const values = new Float64Array(3);

export class CallSamples {
  readonly #environment: VuEnvironment;
  #mask: ReadonlySet<string> | null = null;
  #last: KnownTags | null = null;
  #row: readonly Metric[] | null = null;

  constructor(environment: VuEnvironment) {
    this.#environment = environment;
  }

  /**
   * The tags of all samples of a call: frozen when it starts.
   * @param base the virtual user's tags
   * @param own the params' `tags`
   * @param method null for health checks and reflection, which are no methods of the script's
   */
  tags(base: TagSet, own: unknown, address: string, method: MethodDescriptor | null): TagSet {
    if (method === null || (own !== undefined && own !== null)) return this.#makeTags(base, own, address, method);
    const last = this.#last;
    if (last !== null && last.base === base && last.method === method && last.address === address) return last.tags;
    const tags = this.#makeTags(base, own, address, method);
    this.#last = { base, address, method, tags };
    return tags;
  }

  #makeTags(base: TagSet, own: unknown, address: string, method: MethodDescriptor | null): TagSet {
    const mask = this.mask;
    let tags = addCustomTags(this.#environment.realm, base, own);
    const named = hasName(own);
    if (method) {
      if (mask.has('url')) tags = tags.with('url', address + method.fullName);
      if (mask.has('name') && !named) tags = tags.with('name', method.fullName);
      if (mask.has('service')) tags = tags.with('service', serviceOf(method));
      if (mask.has('method')) tags = tags.with('method', method.name);
    }
    return tags;
  }

  /** @param ip of the peer; '' where it is not known */
  withIp(tags: TagSet, ip: string): TagSet {
    return ip !== '' && this.mask.has('ip') ? tags.with('ip', ip) : tags;
  }

  /** Keeps one of the first failures of a code. @param errorCode of the catalogue; 0: nothing failed */
  keepFailed(errorCode: number, message: string, describe: () => FailedExchange): void {
    if (errorCode !== 0) noteFailure(this.#environment, 'grpc', { code: errorCode, message, kind: '' }, describe);
  }

  /** @param errorCode of the catalogue; 0 for a call that went well */
  finish(tags: TagSet, status: number, errorCode: number, durationMs: number): void {
    const { samples, metrics } = this.#environment;
    const mask = this.mask;
    let all = mask.has('status') ? tags.with('status', String(status)) : tags;
    if (errorCode !== 0 && mask.has('error_code')) all = all.with('error_code', String(errorCode));
    this.#row ??= [metrics.grpc_req_duration, metrics.grpc_reqs, metrics.grpc_req_failed];
    values[0] = durationMs;
    values[1] = 1;
    values[2] = status === 0 ? 0 : 1;
    samples.addRow(this.#row, all, values, 3, this.#environment.now());
  }

  /** A connection has come about: how long it took. */
  connected(base: TagSet, { marks, remoteAddress, tls }: Connection): void {
    const { samples, metrics } = this.#environment;
    const tags = this.withIp(base, remoteAddress);
    const now = this.#environment.now();
    samples.add(metrics.grpc_connecting, tags, marks.connectMs, now);
    if (tls) samples.add(metrics.grpc_tls_handshaking, tags, marks.tlsMs, now);
  }

  /** No connection has come about: k6 measures nothing then, and a test without its server would look like one without calls. */
  notConnected(vu: VirtualUser, address: string, error: WireError, durationMs: number): void {
    const { code, kind } = error;
    noteFailure(this.#environment, 'grpc-connect', error, () => ({
      vu,
      target: address,
      remote: remoteOf(error),
      timings: [['connecting', durationMs]],
    }));
    const { samples, metrics } = this.#environment;
    const mask = this.mask;
    let { tags } = vu;
    if (mask.has('url')) tags = tags.with('url', address);
    if (mask.has('error')) tags = tags.with('error', kind);
    if (mask.has('error_code')) tags = tags.with('error_code', String(code));
    samples.add(metrics.grpc_connecting, tags, durationMs, this.#environment.now());
  }

  streamOpened(tags: TagSet): void {
    this.#environment.samples.add(this.#environment.metrics.grpc_streams, tags, 1, this.#environment.now());
  }

  messageSent(tags: TagSet): void {
    this.#environment.samples.add(this.#environment.metrics.grpc_streams_msgs_sent, tags, 1, this.#environment.now());
  }

  messageReceived(tags: TagSet): void {
    this.#environment.samples.add(
      this.#environment.metrics.grpc_streams_msgs_received,
      tags,
      1,
      this.#environment.now(),
    );
  }

  /** Read when the first call ends: the options are not final before the script's init code has run. */
  get mask(): ReadonlySet<string> {
    this.#mask ??= new Set(this.#environment.options.systemTags);
    return this.#mask;
  }
}

function hasName(own: unknown): boolean {
  return typeof own === 'object' && own !== null && Object.hasOwn(own, 'name');
}

function serviceOf(method: MethodDescriptor): string {
  return method.package ? `${method.package}.${method.service}` : method.service;
}
