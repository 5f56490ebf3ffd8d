// One client of a script: its connections, calls and events.
import type { TagSet } from '../../metrics/tag-set.ts';
import { addCustomTags } from '../../vu/custom-tags.ts';
import { createDialRequest } from '../../vu/dial-request.ts';
import { EventSource } from '../../vu/event-source.ts';
import { toScriptError } from '../../vu/network-failure.ts';
import { toRealmBuffer } from '../../vu/script-bytes.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { BrokerAddress } from '../../wire/mqtt/broker-url.ts';
import { MqttSession } from '../../wire/mqtt/mqtt-session.ts';
import { openTransport, type Transport } from '../../wire/mqtt/transport.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import type { CallSamples, Method } from './call-samples.ts';
import {
  type ClientOptions,
  type ConnectOptions,
  readClientOptions,
  readConnectOptions,
  readEnd,
  readPublish,
  readTopics,
} from './client-options.ts';

const EVENTS = ['connect', 'message', 'end', 'reconnect', 'error'] as const;
const ACKNOWLEDGE_MS = 30_000;
/** An upgrade is of HTTP/1.1. */
const UPGRADABLE: readonly string[] = ['http/1.1'];

export class ScriptClient {
  readonly events: EventSource<(typeof EVENTS)[number]>;
  readonly #vu: VirtualUser;
  readonly #samples: CallSamples;
  readonly #options: ClientOptions;
  #tags: TagSet;
  #state: 'idle' | 'connecting' | 'open' = 'idle';
  #session: MqttSession | null = null;
  #cancelDial: (() => void) | null = null;
  #last: ConnectOptions | null = null;
  #release: (() => void) | null = null;
  #forget: (() => void) | null = null;

  /** @throws TypeError that names the option that cannot be used */
  constructor(vu: VirtualUser, object: object, samples: CallSamples, options: unknown) {
    const { realm } = vu.environment;
    this.#vu = vu;
    this.#samples = samples;
    this.#options = readClientOptions(realm, options);
    this.#tags = addCustomTags(realm, vu.tags, this.#options.tags);
    this.events = new EventSource({
      vu,
      object,
      types: EVENTS,
      flow: (isHeld) => (isHeld ? this.#session?.pause() : this.#session?.resume()),
      onThrown: () => this.abandon(),
    });
  }

  get connected(): boolean {
    return this.#session?.isOpen ?? false;
  }

  /** Whether failures of calls that do not return a promise are heard of as events. */
  get hearsErrors(): boolean {
    return this.events.listener('error') !== undefined;
  }

  connect(url: unknown, options: unknown): Promise<void> {
    this.#vu.forbidInit('connecting to an MQTT broker');
    const read = readConnectOptions(url, options);
    if (!read.cleanSession && this.#options.clientId === '')
      throw new TypeError('clean_session: false needs a client_id, by which the broker knows the session');
    this.#requireIdle('connect');
    this.#tags = addCustomTags(this.#vu.environment.realm, this.#tags, read.tags);
    this.#last = read;
    return this.#call('connect', undefined, () => this.#open(read));
  }

  reconnect(): Promise<void> {
    const last = this.#last;
    if (last === null) throw this.#invalid('reconnect() needs a client that was connected before');
    this.#requireIdle('reconnect');
    this.events.post('reconnect', () => []);
    return this.#call('reconnect', undefined, () => this.#open(last));
  }

  publish(topic: unknown, payload: unknown, options: unknown): Promise<void> {
    const { topic: name, payload: bytes, qos, retain, tags } = readPublish(topic, payload, options);
    return this.#call('publish', tags, async (own) => {
      const answered = this.#requireSession().publish(name, bytes, qos, retain);
      this.#samples.message('sent', own, bytes.length);
      await answered;
    });
  }

  subscribe(topics: unknown, options: unknown): Promise<void> {
    const read = readTopics('subscribe', topics, options);
    return this.#call('subscribe', read.tags, () => this.#requireSession().subscribe(read.topics, read.qos));
  }

  unsubscribe(topics: unknown, options: unknown): Promise<void> {
    const read = readTopics('unsubscribe', topics, options);
    return this.#call('unsubscribe', read.tags, () => this.#requireSession().unsubscribe(read.topics));
  }

  /** Without a connection there is nothing to end. */
  end(options: unknown): Promise<void> {
    const tags = readEnd(options);
    return this.#call('end', tags, async () => {
      if (this.#state === 'idle') return;
      this.#cancelDial?.();
      this.#finish();
      this.#post('end', true);
    });
  }

  /** The iteration is over: the broker is told, so that it does not publish the will. */
  abandon(): void {
    this.#cancelDial?.();
    this.#finish();
    this.#release?.();
  }

  async #open(options: ConnectOptions): Promise<void> {
    this.#state = 'connecting';
    this.#release = this.#vu.loop.hold();
    this.#forget = this.#vu.onCutShort(() => this.abandon());
    try {
      const session = await this.#tryEach(options);
      this.#state = 'open';
      this.#session = session;
      this.events.post('connect', () => []);
    } catch (error) {
      this.#finish();
      this.#release?.();
      throw error;
    }
  }

  /** @throws WireError of the last broker, where none answers */
  async #tryEach(options: ConnectOptions): Promise<MqttSession> {
    let failure: unknown = null;
    for (const broker of options.brokers) {
      try {
        return await this.#shakeHands(broker, options);
      } catch (error) {
        failure = error;
        if (error instanceof WireError && error.code === 1030) break;
      }
    }
    throw failure;
  }

  async #shakeHands(broker: BrokerAddress, options: ConnectOptions): Promise<MqttSession> {
    const deadline = performance.now() + options.timeoutMs;
    const given = this.#options.credentials();
    const transport = await this.#dial(broker, options.timeoutMs);
    const limits = {
      packetOctets: this.#vu.environment.options.maxResponseBytes,
      connectMs: Math.max(1, deadline - performance.now()),
      acknowledgeMs: ACKNOWLEDGE_MS,
      keepaliveMs: options.keepaliveMs,
    };
    /** Lost before the script could know that it was there. */
    let lostEarly: WireError | null = null;
    const session = new MqttSession(transport, limits, {
      onMessage: (topic, payload) => this.#take(topic, payload),
      onLost: (error) => {
        if (this.#session === session) this.#lose(error);
        else lostEarly = error;
      },
    });
    this.#cancelDial = () => session.end();
    const username = given.username ?? broker.username;
    const password = given.password ?? broker.password;
    try {
      await session.connect({
        clientId: this.#options.clientId,
        clean: options.cleanSession,
        keepalive: Math.ceil(options.keepaliveMs / 1000),
        ...(username === null ? {} : { username }),
        ...(password === null ? {} : { password: Buffer.from(password) }),
        ...(this.#options.will === null ? {} : { will: this.#options.will }),
      });
    } finally {
      this.#cancelDial = null;
    }
    if (!session.isOpen) throw lostEarly ?? new WireError(1030, 'mqtt: cancelled');
    return session;
  }

  #dial(broker: BrokerAddress, timeoutMs: number): Promise<Transport> {
    const { host, port, secure, overWebSocket } = broker;
    const { network, options } = this.#vu.environment;
    const alpn = overWebSocket ? { alpn: UPGRADABLE } : {};
    const request = createDialRequest(this.#vu, {
      host,
      port,
      secure,
      timeoutMs,
      mayBeProxied: overWebSocket,
      ...alpn,
    });
    return new Promise((resolve, reject) => {
      const cancel = openTransport(broker, network.dialer, request, options.maxResponseBytes, (outcome) => {
        this.#cancelDial = null;
        if (outcome instanceof WireError) reject(outcome);
        else resolve(outcome);
      });
      this.#cancelDial = () => {
        cancel();
        reject(new WireError(1030, 'mqtt: cancelled'));
      };
    });
  }

  #take(topic: string, payload: Buffer): void {
    const { realm } = this.#vu.environment;
    this.#samples.message('received', this.#tags, payload.length);
    this.events.post('message', () => [topic, toRealmBuffer(realm, payload)]);
  }

  /** The broker is gone: unless the script reconnects when it hears of it, that is the end. */
  #lose(error: WireError): void {
    this.#samples.failed(this.#tags, null, error);
    this.#finish();
    const release = this.#release;
    this.events.post(
      'error',
      () => [toScriptError(this.#vu.environment.realm, error)],
      () => {
        if (this.#state === 'idle') this.#post('end', true);
        else release?.();
      },
    );
  }

  #finish(): void {
    this.#session?.end();
    this.#session = null;
    this.#state = 'idle';
    this.#forget?.();
    this.#forget = null;
  }

  #post(event: 'end', releases: boolean): void {
    const release = releases ? this.#release : null;
    this.events.post(
      event,
      () => [],
      () => release?.(),
    );
  }

  /** Measures a call. A failure is an event, too, where one listens for it. */
  async #call(method: Method, tags: unknown, run: (tags: TagSet) => Promise<void>): Promise<void> {
    const { realm } = this.#vu.environment;
    const own = addCustomTags(realm, this.#tags, tags);
    const began = performance.now();
    try {
      await run(own);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#samples.failed(own, method, error);
      if (this.hearsErrors) this.events.post('error', () => [toScriptError(realm, error)]);
      throw error;
    } finally {
      this.#samples.called(own, method, performance.now() - began);
    }
  }

  #requireSession(): MqttSession {
    if (this.#session?.isOpen === true) return this.#session;
    throw new WireError(2303, 'mqtt: not connected');
  }

  #requireIdle(what: string): void {
    if (this.#state !== 'idle') throw this.#invalid(`${what}() needs a client that is not connected`);
  }

  #invalid(message: string): Error {
    return this.#vu.environment.realm.error('Error', message, { name: 'InvalidStateError' });
  }
}
