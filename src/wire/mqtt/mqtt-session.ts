// One connection to a broker: MQTT 3.1.1, on the packets of mqtt-packet.
import { generate, type IConnectPacket, type Packet, parser, type QoS } from 'mqtt-packet';
import { type TimerHandle, timerWheel } from '../net/timer-wheel.ts';
import { WireError } from '../net/wire-error.ts';
import type { Transport } from './transport.ts';

export interface MqttLimits {
  /** Octets that a packet may have. */
  readonly packetOctets: number;
  readonly connectMs: number;
  readonly acknowledgeMs: number;
  /** 0: no pings. */
  readonly keepaliveMs: number;
}

export interface MqttListener {
  onMessage(topic: string, payload: Buffer): void;
  /** The connection is gone, though nobody ended it; called once, after what waited has failed. */
  onLost(error: WireError): void;
}

type Answer = 'connack' | 'puback' | 'pubrec' | 'pubcomp' | 'suback' | 'unsuback';

interface Waiting {
  /** What has to come next. */
  answer: Answer;
  readonly topics: readonly string[];
  readonly timer: TimerHandle;
  resolve(): void;
  reject(error: WireError): void;
}

const MOST_IDS = 65_535;
const PROTOCOL = { protocolVersion: 4 } as const;
/** CONNACK, section 3.2.2.3. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'unacceptable protocol version',
  2: 'identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorized',
};
const REFUSED = 0x80;

export class MqttSession {
  readonly #transport: Transport;
  readonly #limits: MqttLimits;
  readonly #listener: MqttListener;
  readonly #parser = parser(PROTOCOL);
  readonly #waiting = new Map<number, Waiting>();
  /** Of publications of QoS 2 that have been handed on, and are not released yet: one that comes again is the same. */
  readonly #unreleased = new Set<number>();
  #nextId = 1;
  #state: 'connecting' | 'open' | 'closed' = 'connecting';
  #keepalive: TimerHandle | null = null;
  #isPaused = false;
  #awaitsPong = false;

  constructor(transport: Transport, limits: MqttLimits, listener: MqttListener) {
    this.#transport = transport;
    this.#limits = limits;
    this.#listener = listener;
    this.#parser.on('packet', (packet) => {
      if (this.#state !== 'closed') this.#take(packet);
    });
    this.#parser.on('error', (error: unknown) => this.#break(error));
    transport.listen({
      onBytes: (bytes) => this.#parse(bytes),
      onClosed: (error) => this.#lose(error ?? new WireError(2303, 'mqtt: the broker has closed the connection')),
    });
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Sends CONNECT. Rejects with a WireError when the broker refuses. */
  connect(packet: Omit<IConnectPacket, 'cmd' | 'protocolId' | 'protocolVersion'>): Promise<void> {
    const bytes = encode({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, ...packet });
    const answered = this.#wait(0, 'connack', [], this.#limits.connectMs);
    this.#write(bytes);
    return answered;
  }

  /** Resolves when the broker has acknowledged it; for QoS 0 at once. */
  publish(topic: string, payload: Buffer, qos: QoS, retain: boolean): Promise<void> {
    const packet = { cmd: 'publish', topic, payload, qos, retain, dup: false } as const;
    if (qos === 0) {
      this.#send(packet);
      return Promise.resolve();
    }
    return this.#request((messageId) => ({ ...packet, messageId }), qos === 1 ? 'puback' : 'pubrec', [topic]);
  }

  /** Rejects with 2302 when the broker refuses one of the topics. */
  subscribe(topics: readonly string[], qos: QoS): Promise<void> {
    const subscriptions = topics.map((topic) => ({ topic, qos }));
    return this.#request((messageId) => ({ cmd: 'subscribe', messageId, subscriptions }), 'suback', topics);
  }

  unsubscribe(topics: readonly string[]): Promise<void> {
    return this.#request(
      (messageId) => ({ cmd: 'unsubscribe', messageId, unsubscriptions: [...topics] }),
      'unsuback',
      topics,
    );
  }

  pause(): void {
    this.#isPaused = true;
    this.#transport.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#transport.resume();
  }

  /** Says goodbye, so that the broker does not publish the will. What still waits fails with 1030. */
  end(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'open') this.#send({ cmd: 'disconnect' });
    this.#close(new WireError(1030, 'mqtt: the client has ended the connection'));
    this.#transport.end();
  }

  #request(make: (messageId: number) => Packet, answer: Answer, topics: readonly string[]): Promise<void> {
    const id = this.#takeId();
    if (id === 0) return Promise.reject(new WireError(2305, 'mqtt: all 65535 message identifiers wait for an answer'));
    // First of all: nothing may wait for the answer to a packet that cannot be sent.
    const bytes = encode(make(id));
    const answered = this.#wait(id, answer, topics, this.#limits.acknowledgeMs);
    this.#write(bytes);
    return answered;
  }

  #takeId(): number {
    for (let tries = 0; tries < MOST_IDS; tries++) {
      const id = this.#nextId;
      this.#nextId = id === MOST_IDS ? 1 : id + 1;
      if (!this.#waiting.has(id)) return id;
    }
    return 0;
  }

  #wait(id: number, answer: Answer, topics: readonly string[], ms: number): Promise<void> {
    if (this.#state === 'closed') return Promise.reject(new WireError(2303, 'mqtt: the connection is closed'));
    return new Promise((resolve, reject) => {
      const timer = timerWheel.schedule(ms, () => {
        this.#waiting.delete(id);
        const kind = `mqtt: no ${answer.toUpperCase()} in time`;
        const error = new WireError(2305, `${kind} (${Math.ceil(ms)} ms)`, { kind });
        reject(error);
        if (id !== 0) return;
        this.#close(error);
        this.#transport.destroy();
      });
      this.#waiting.set(id, { answer, topics, timer, resolve, reject });
    });
  }

  #send(packet: Packet): void {
    this.#write(encode(packet));
  }

  #write(bytes: Buffer): void {
    this.#transport.send(bytes);
    this.#arm();
  }

  /** A ping when nothing was sent for the time that the broker was told (section 3.1.2.10). */
  #arm(): void {
    const { keepaliveMs } = this.#limits;
    if (this.#keepalive !== null) timerWheel.cancel(this.#keepalive);
    this.#keepalive = null;
    if (keepaliveMs === 0 || this.#state !== 'open') return;
    this.#keepalive = timerWheel.schedule(keepaliveMs, () => {
      this.#keepalive = null;
      // While we do not read, an answer cannot be seen.
      if (this.#awaitsPong && !this.#isPaused) {
        this.#transport.destroy();
        this.#lose(new WireError(2305, 'mqtt: no answer to a ping'));
        return;
      }
      this.#awaitsPong = true;
      this.#send({ cmd: 'pingreq' });
    });
  }

  #parse(bytes: Buffer): void {
    if (this.#state === 'closed') return;
    let rest: number;
    try {
      // What is left of it: the beginning of a packet.
      rest = this.#parser.parse(bytes);
    } catch (error) {
      this.#break(error);
      return;
    }
    if (rest > this.#limits.packetOctets)
      this.#break(new Error(`a packet has more than ${this.#limits.packetOctets} bytes`));
  }

  #break(error: unknown): void {
    if (this.#state === 'closed') return;
    const text = error instanceof Error ? error.message : String(error);
    this.#transport.destroy();
    this.#lose(new WireError(2304, `mqtt: ${text}`, { kind: 'mqtt: malformed packet' }));
  }

  #take(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack':
        this.#connected(packet.returnCode ?? 0);
        return;
      case 'publish':
        this.#deliver(packet.messageId ?? 0, packet.qos, packet.topic, packet.payload);
        return;
      case 'pubrel':
        this.#unreleased.delete(packet.messageId ?? 0);
        this.#send({ cmd: 'pubcomp', messageId: packet.messageId ?? 0 });
        return;
      case 'pubrec':
        this.#received(packet.messageId ?? 0);
        return;
      case 'suback':
        this.#settle('suback', packet.messageId ?? 0, packet.granted);
        return;
      case 'puback':
      case 'pubcomp':
      case 'unsuback':
        this.#settle(packet.cmd, packet.messageId ?? 0, []);
        return;
      case 'pingresp':
        this.#awaitsPong = false;
        return;
      case 'connect':
      case 'subscribe':
      case 'unsubscribe':
      case 'pingreq':
      case 'disconnect':
      case 'auth':
        this.#break(new Error(`a broker does not send ${packet.cmd.toUpperCase()}`));
    }
  }

  #connected(code: number): void {
    if (this.#state !== 'connecting') {
      this.#break(new Error('a second CONNACK'));
      return;
    }
    const waiting = this.#finishWaiting(0);
    if (code === 0) {
      this.#state = 'open';
      this.#arm();
      waiting?.resolve();
      return;
    }
    const reason = `mqtt: connection refused: ${REFUSALS[code] ?? `return code ${code}`}`;
    const error = new WireError(code === 4 || code === 5 ? 2301 : 2300, reason);
    this.#close(error);
    this.#transport.destroy();
    waiting?.reject(error);
  }

  #deliver(id: number, qos: QoS, topic: string, payload: string | Buffer): void {
    if (this.#state !== 'open') {
      this.#break(new Error('a PUBLISH before CONNACK'));
      return;
    }
    const isKnown = qos === 2 && this.#unreleased.has(id);
    if (qos === 2) {
      this.#unreleased.add(id);
      this.#send({ cmd: 'pubrec', messageId: id });
    } else if (qos === 1) this.#send({ cmd: 'puback', messageId: id });
    if (!isKnown) this.#listener.onMessage(topic, typeof payload === 'string' ? Buffer.from(payload) : payload);
  }

  /** The first half of the handshake of QoS 2 is done. An identifier that is not ours gets its PUBREL all the same, so that it ends. */
  #received(id: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting?.answer === 'pubrec') waiting.answer = 'pubcomp';
    this.#send({ cmd: 'pubrel', messageId: id });
  }

  #settle(answer: Answer, id: number, granted: readonly unknown[]): void {
    // What is answered twice, or too late, is nobody's any more.
    if (this.#waiting.get(id)?.answer !== answer) return;
    const waiting = this.#finishWaiting(id);
    const refused = granted.indexOf(REFUSED);
    if (refused < 0) waiting?.resolve();
    else {
      const kind = 'mqtt: the broker refuses the subscription';
      waiting?.reject(new WireError(2302, `${kind} to ${waiting.topics[refused] ?? ''}`, { kind }));
    }
  }

  #finishWaiting(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting !== undefined) timerWheel.cancel(waiting.timer);
    return waiting;
  }

  #lose(error: WireError): void {
    if (this.#state === 'closed') return;
    const wasOpen = this.#state === 'open';
    this.#close(error);
    if (wasOpen) this.#listener.onLost(error);
  }

  #close(error: WireError): void {
    this.#state = 'closed';
    if (this.#keepalive !== null) timerWheel.cancel(this.#keepalive);
    this.#keepalive = null;
    for (const id of [...this.#waiting.keys()]) this.#finishWaiting(id)?.reject(error);
  }
}

/** @throws WireError 2304 for what no packet can hold */
function encode(packet: Packet): Buffer {
  try {
    return generate(packet, PROTOCOL);
  } catch (error) {
    throw new WireError(2304, `mqtt: ${(error as Error).message}`, { cause: error });
  }
}
