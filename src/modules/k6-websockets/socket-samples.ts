// The samples of WebSocket sessions and their tags (k6 page "Built-in metrics", WebSocket).
import type { TagSet } from '../../metrics/tag-set.ts';
import { addCustomTags } from '../../vu/custom-tags.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { type FailedExchange, noteFailure } from '../../vu/note-failure.ts';
import type { WireError } from '../../wire/net/wire-error.ts';

/** What the samples of one session are tagged with; more is known once the server has answered. */
export class SocketSamples {
  readonly #environment: VuEnvironment;
  readonly #mask: ReadonlySet<string>;
  readonly #started = performance.now();
  #tags: TagSet;

  /**
   * @param base the virtual user's tags
   * @param own the params' `tags`
   * @param named whether sessions are named by their URL: `k6/ws` does not
   * @throws for tags whose values cannot be any
   */
  constructor(environment: VuEnvironment, base: TagSet, own: unknown, url: string, named: boolean) {
    this.#environment = environment;
    this.#mask = new Set(environment.options.systemTags);
    let tags = addCustomTags(environment.realm, base, own);
    // As for HTTP, a name stands in for the URL, so that it bounds the number of series.
    const name = tags.get('name');
    if (this.#mask.has('url')) tags = tags.with('url', name ?? url);
    if (named && name === undefined && this.#mask.has('name')) tags = tags.with('name', url);
    this.#tags = tags;
  }

  /** The server has answered the handshake. */
  answered(status: number, subprotocol: string, ip: string): void {
    const mask = this.#mask;
    let tags = this.#tags;
    if (mask.has('status')) tags = tags.with('status', String(status));
    if (mask.has('subproto')) tags = tags.with('subproto', subprotocol);
    if (ip !== '' && mask.has('ip')) tags = tags.with('ip', ip);
    this.#tags = tags;
    const { samples, metrics } = this.#environment;
    samples.add(metrics.ws_connecting, tags, performance.now() - this.#started, this.#environment.now());
  }

  /** The session is there, or it is known that it will not be. */
  counted(): void {
    this.#count('ws_sessions');
  }

  sent(): void {
    this.#count('ws_msgs_sent');
  }

  received(): void {
    this.#count('ws_msgs_received');
  }

  pong(roundTripMs: number): void {
    this.#environment.samples.add(this.#environment.metrics.ws_ping, this.#tags, roundTripMs, this.#environment.now());
  }

  ended(): void {
    const { samples, metrics } = this.#environment;
    samples.add(metrics.ws_session_duration, this.#tags, performance.now() - this.#started, this.#environment.now());
  }

  /** The session failed: counted by its code, apart from the sessions, whose tags are k6's. */
  failed(error: WireError, describe: () => FailedExchange): void {
    const { samples, metrics } = this.#environment;
    let tags = this.#tags;
    if (this.#mask.has('error_code')) tags = tags.with('error_code', String(error.code));
    if (this.#mask.has('error')) tags = tags.with('error', error.kind);
    samples.add(metrics.ws_failures, tags, 1, this.#environment.now());
    noteFailure(this.#environment, 'websocket', error, describe);
  }

  #count(metric: 'ws_sessions' | 'ws_msgs_sent' | 'ws_msgs_received'): void {
    const { samples, metrics } = this.#environment;
    samples.add(metrics[metric], this.#tags, 1, this.#environment.now());
  }
}
