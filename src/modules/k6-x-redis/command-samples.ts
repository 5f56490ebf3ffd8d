// What is measured of commands (k6 measures nothing of them).
import type { TagSet } from '../../metrics/tag-set.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { tagFailure } from '../../vu/network-failure.ts';
import type { Connection } from '../../wire/net/connection.ts';
import type { WireError } from '../../wire/net/wire-error.ts';

export class CommandSamples {
  readonly #environment: VuEnvironment;
  #mask: ReadonlySet<string> | null = null;

  constructor(environment: VuEnvironment) {
    this.#environment = environment;
  }

  /** @param url of the server, without credentials */
  tags(base: TagSet, command: string, url: string): TagSet {
    const mask = this.#systemTags;
    let tags = mask.has('name') ? base.with('name', command) : base;
    if (mask.has('url')) tags = tags.with('url', url);
    return tags;
  }

  connected(base: TagSet, url: string, { marks }: Connection): void {
    const { samples, metrics } = this.#environment;
    const tags = this.#systemTags.has('url') ? base.with('url', url) : base;
    const ms = marks.lookupMs + marks.connectMs + marks.tlsMs;
    samples.add(metrics.redis_connecting, tags, ms, this.#environment.now());
  }

  /** @param durationMs from sending to the reply; of what could not be sent from the call on */
  finished(tags: TagSet, durationMs: number, error: WireError | null): void {
    const { samples, metrics } = this.#environment;
    const all = error === null ? tags : tagFailure(this.#environment, tags, 'redis', error);
    const now = this.#environment.now();
    samples.add(metrics.redis_reqs, all, 1, now);
    samples.add(metrics.redis_req_duration, all, durationMs, now);
    samples.add(metrics.redis_req_failed, all, error === null ? 0 : 1, now);
  }

  /** Read late: the options are not final before the script's init code has run. */
  get #systemTags(): ReadonlySet<string> {
    this.#mask ??= new Set(this.#environment.options.systemTags);
    return this.#mask;
  }
}
