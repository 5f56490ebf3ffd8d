// Failures counted by their code, with what helps to find them: where they happened most, and one message.

import type { FailureSample } from './failure-sample.ts';
import type { FailureNote, Protocol } from './sample-batch.ts';
import type { SeriesDelta } from './sinks/series-delta.ts';
import type { SeriesReceiver } from './sinks/sink.ts';

/** Whose metric counts one sample per request, call or session. */
const COUNTED: Readonly<Record<string, Protocol>> = {
  http_reqs: 'http',
  grpc_reqs: 'grpc',
  grpc_req_duration: 'grpc',
  grpc_connecting: 'grpc-connect',
  ws_sessions: 'websocket',
  ws_failures: 'websocket',
  dns_resolutions: 'dns',
  dns_lookups: 'dns-lookup',
  redis_reqs: 'redis',
  sql_queries: 'sql',
  tcp_sockets: 'tcp',
  tcp_errors: 'tcp',
  sse_streams: 'sse',
  ssh_connections: 'ssh-connect',
  ssh_commands: 'ssh',
  tls_handshakes: 'tls',
  icmp_packets_sent: 'icmp',
  icmp_errors: 'icmp',
  mqtt_calls: 'mqtt',
  mqtt_errors: 'mqtt',
};
/** Names kept per code. */
const KEPT_NAMES = 50;
/** Failures kept whole, over all codes: some 20 kB each at most. */
const MOST_SAMPLES = 500;

export interface FailureCount {
  readonly protocol: Protocol;
  readonly code: number;
  readonly count: number;
  /** Of all requests of the protocol, failed or not. */
  readonly total: number;
  /** Names (tag `name`, else `url`) with the most failures first. */
  readonly names: readonly { readonly name: string; readonly count: number }[];
  /** The whole text of one of them, else its `error` tag; empty: neither is known. */
  readonly message: string;
  /** Where our own code broke (1001), as a stack; empty otherwise. */
  readonly stack: string;
  /** The first of them, kept whole. */
  readonly samples: readonly FailureSample[];
}

type Tags = readonly (readonly [string, string])[];

interface Entry {
  readonly code: number;
  count: number;
  message: string;
  /** Whether `message` is a whole text, not just a tag. */
  noted: boolean;
  stack: string;
  readonly samples: FailureSample[];
  readonly names: Map<string, { count: number }>;
}

function findTag(tags: Tags, key: string): string | undefined {
  return tags.find(([name]) => name === key)?.[1];
}

/** The code of a sample's tags: `error_code`, or what a gRPC status that is not OK stands for. */
function codeOf(protocol: Protocol, tags: Tags): number | undefined {
  const code = Number(findTag(tags, 'error_code') ?? 0);
  if (Number.isInteger(code) && code > 0) return code;
  if (protocol !== 'grpc') return undefined;
  const status = Number(findTag(tags, 'status') ?? 0);
  return status > 0 && status <= 16 ? 1800 + status : undefined;
}

/** What the samples of a series count; undefined where they are no failures of a request, call or session. */
export function failureOf(
  metric: string,
  tags: Tags,
): { readonly protocol: Protocol; readonly code: number } | undefined {
  // Of the two gRPC metrics both know the failures: those are taken from the durations.
  if (!Object.hasOwn(COUNTED, metric) || metric === 'grpc_reqs') return undefined;
  const protocol = COUNTED[metric];
  const code = codeOf(protocol, tags);
  return code === undefined ? undefined : { protocol, code };
}

/** What only counts samples. */
function counting(count: (samples: number) => void): SeriesReceiver {
  return { add: () => count(1), mergeDelta: (delta: SeriesDelta) => count(delta.count) };
}

export class FailureTally {
  readonly #entries = new Map<Protocol, Map<number, Entry>>();
  readonly #totals = new Map<string, { protocol: Protocol; count: number }>();
  readonly #samplesPerCode: number;
  #samples = 0;

  /** @param samplesPerCode failures of each code that are kept whole */
  constructor(samplesPerCode = 0) {
    this.#samplesPerCode = samplesPerCode;
  }

  /**
   * What counts the samples of a series.
   *
   * @returns undefined for a series that says nothing of requests
   */
  counterFor(metric: string, tags: Tags): SeriesReceiver | undefined {
    if (!Object.hasOwn(COUNTED, metric)) return undefined;
    const protocol = COUNTED[metric];
    let total = this.#totals.get(metric);
    if (!total) {
      total = { protocol, count: 0 };
      this.#totals.set(metric, total);
    }
    const counted = total;
    const failure = failureOf(metric, tags);
    if (failure === undefined) return counting((samples) => void (counted.count += samples));
    const entry = this.#findEntry(protocol, failure.code);
    entry.message ||= findTag(tags, 'error') ?? '';
    const name = this.#findName(entry, findTag(tags, 'name') ?? findTag(tags, 'url') ?? '');
    return counting((samples) => {
      counted.count += samples;
      entry.count += samples;
      name.count += samples;
    });
  }

  /** Takes in an example of a failure, of which the samples' tags hold less. */
  note({ protocol, code, text, stack, sample }: FailureNote): void {
    const entry = this.#findEntry(protocol, code);
    if (sample !== undefined && entry.samples.length < this.#samplesPerCode && this.#samples < MOST_SAMPLES) {
      this.#samples++;
      entry.samples.push(sample);
    }
    if (entry.noted || text === '') return;
    entry.noted = true;
    entry.message = text;
    entry.stack = stack;
  }

  #findEntry(protocol: Protocol, code: number): Entry {
    let codes = this.#entries.get(protocol);
    if (!codes) {
      codes = new Map();
      this.#entries.set(protocol, codes);
    }
    let entry = codes.get(code);
    if (!entry) {
      entry = { code, count: 0, message: '', noted: false, stack: '', samples: [], names: new Map() };
      codes.set(code, entry);
    }
    return entry;
  }

  #findName(entry: Entry, name: string): { count: number } {
    const key = entry.names.has(name) || entry.names.size < KEPT_NAMES ? name : '';
    let counter = entry.names.get(key);
    if (!counter) {
      counter = { count: 0 };
      entry.names.set(key, counter);
    }
    return counter;
  }

  #totalOf(protocol: Protocol): number {
    let most = 0;
    for (const total of this.#totals.values()) if (total.protocol === protocol) most = Math.max(most, total.count);
    return most;
  }

  /** The most frequent first. */
  list(): FailureCount[] {
    const result: FailureCount[] = [];
    for (const [protocol, codes] of this.#entries) {
      for (const { code, count, message, stack, samples, names } of codes.values()) {
        if (count === 0) continue;
        const byCount = [...names]
          .map(([name, counter]) => ({ name, count: counter.count }))
          .filter(({ name, count }) => name !== '' && count > 0)
          .sort((a, b) => b.count - a.count);
        result.push({ protocol, code, count, total: this.#totalOf(protocol), names: byCount, message, stack, samples });
      }
    }
    return result.sort((a, b) => b.count - a.count || a.code - b.code);
  }
}
