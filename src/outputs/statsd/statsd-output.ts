// Metrics of a test as StatsD's, over UDP.
import dgram from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Metric } from '../../metrics/metric.ts';
import type { Series } from '../../metrics/series-table.ts';
import type { SampleReceiver } from '../../metrics/sinks/sink.ts';
import { type PushOutcome, PushQueue } from '../push-queue.ts';
import type { ServerContext, ServerOutput } from '../thread/server-output.ts';
import { createIntervalSink, formatTags, type IntervalSink } from './statsd-interval.ts';
import type { StatsdSettings } from './statsd-settings.ts';

/** What goes through any network in one piece, in octets. */
const MOST_OCTETS = 1432;
/** After so many datagrams, at least, the receiver gets time to take them: its system keeps some hundred kilobytes for it. */
const BURST = 2;
const BREATH_MS = 1;

export class StatsdOutput implements ServerOutput {
  readonly #settings: StatsdSettings;
  readonly #queue: PushQueue;
  readonly #sinks = new Map<string, IntervalSink>();
  #socket: dgram.Socket | null = null;
  /** What the network said of a datagram that went out. */
  #failure: Error | null = null;
  #burst = BURST;
  /** Datagrams that may go out before the next breath. */
  #left = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(settings: StatsdSettings, { onTrouble }: ServerContext) {
    this.#settings = settings;
    this.#queue = new PushQueue({ send: (body) => this.#send(body), concurrency: 1, onTrouble });
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#push(), this.#settings.pushIntervalMs);
  }

  receiversFor(metric: Metric, tags: Series['tags']): SampleReceiver[] {
    const { namespace, enableTags, tagBlocklist } = this.#settings;
    const tail = enableTags ? formatTags(tags, tagBlocklist) : '';
    const check = metric.name === 'checks' ? (tags.find(([key]) => key === 'check')?.[1] ?? '') : '';
    // Without tags many series are one.
    const key = `${metric.name}\n${check}\n${tail}`;
    let sink = this.#sinks.get(key);
    if (sink === undefined) this.#sinks.set(key, (sink = createIntervalSink(metric, namespace, tags, tail)));
    const receiver = sink;
    return [
      {
        add: (value, time) => {
          if (Number.isFinite(value)) receiver.add(value, time);
          else this.#queue.drop(1, 'StatsD has no infinite numbers');
        },
      },
    ];
  }

  async stop(): Promise<string | null> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#push();
    const loss = await this.#queue.close();
    this.#socket?.close();
    return loss;
  }

  #push(): void {
    let lines: string[] = [];
    let octets = 0;
    let samples = 0;
    let datagrams = 0;
    const offer = (): void => {
      if (lines.length > 0) this.#queue.offer({ body: Buffer.from(lines.join('\n')), samples: Math.round(samples) });
      datagrams++;
      lines = [];
      octets = 0;
      samples = 0;
    };
    for (const sink of this.#sinks.values()) {
      for (const line of sink.take()) {
        const size = Buffer.byteLength(line.text) + 1;
        if (lines.length === this.#settings.bufferSize || octets + size > MOST_OCTETS) offer();
        lines.push(line.text);
        octets += size;
        samples += line.samples;
      }
    }
    offer();
    // A push is out after half of its interval at the latest. Its first datagram has to wait for its breath: a server that went away
    // since the last push is known by it.
    this.#burst = Math.max(BURST, Math.ceil((datagrams * BREATH_MS * 2) / this.#settings.pushIntervalMs));
    this.#left = 0;
  }

  async #send(body: Uint8Array): Promise<PushOutcome> {
    const { host, port } = this.#settings;
    try {
      this.#socket ??= await this.#connect();
      this.#failure = null;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      this.#socket.send(body, (error) => (error === null ? resolve() : reject(error)));
      await promise;
      // That nobody listens is known at once on the same machine, where agents usually are: such a datagram can be sent again.
      await nextTurn();
      if (--this.#left <= 0) {
        await wait(BREATH_MS);
        this.#left = this.#burst;
      }
      if (this.#failure !== null) throw this.#failure;
      return { kind: 'taken' };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = `${host}:${port} takes no datagrams (${message})`;
      // Larger than the network takes it will be the next time too; a name may have got an address by then.
      return { kind: code === 'EMSGSIZE' ? 'refused' : 'later', reason };
    }
  }

  /** A connected socket hears that nobody listens there. */
  async #connect(): Promise<dgram.Socket> {
    const { address, family } = await lookup(this.#settings.host);
    const socket = dgram.createSocket(family === 6 ? 'udp6' : 'udp4');
    socket.on('error', (error) => {
      this.#failure = error;
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('connect', resolve);
    socket.once('error', reject);
    socket.connect(this.#settings.port, address);
    await promise;
    socket.off('error', reject);
    return socket;
  }
}
