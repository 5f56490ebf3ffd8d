// What scripts give to a client, read and checked.
import type { Realm } from '../../script/realm-interface.ts';
import { toBytes } from '../../vu/script-bytes.ts';
import { copyList } from '../../vu/script-list.ts';
import { type BrokerAddress, parseBrokerUrl } from '../../wire/mqtt/broker-url.ts';

type QoS = 0 | 1 | 2;

export interface Will {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
}

export interface Credentials {
  readonly username: string | null;
  readonly password: string | null;
}

/** `new Client(options)` */
export interface ClientOptions {
  readonly clientId: string;
  readonly will: Will | null;
  readonly tags: unknown;
  /** Asked anew for each connection. */
  credentials(): Credentials;
}

/** `connect(url, options)` */
export interface ConnectOptions {
  /** One after another is tried. */
  readonly brokers: readonly BrokerAddress[];
  readonly keepaliveMs: number;
  readonly timeoutMs: number;
  readonly cleanSession: boolean;
  readonly tags: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const MOST_KEEPALIVE_S = 65_535;
const MOST_TOPIC = 65_535;
const MOST_PAYLOAD = 268_435_455 - MOST_TOPIC - 4;

/** @throws TypeError that names the option */
export function readClientOptions(realm: Realm, given: unknown): ClientOptions {
  const options = readFields(given, 'Client() takes options');
  const provider = options['credentials_provider'];
  if (isGiven(provider) && typeof provider !== 'function')
    throw new TypeError(`credentials_provider must be a function, not ${typeof provider}`);
  const fixed = {
    username: readText(options['username'], 'username'),
    password: readText(options['password'], 'password'),
  };
  return {
    clientId: readText(options['client_id'], 'client_id') ?? '',
    will: isGiven(options['will']) ? readWill(options['will']) : null,
    tags: options['tags'],
    credentials() {
      if (typeof provider !== 'function') return fixed;
      const found = readFields(
        realm.apply(provider as (...args: unknown[]) => unknown, undefined, []),
        'credentials_provider must return { username, password }, which',
      );
      return { username: readText(found['username'], 'username'), password: readText(found['password'], 'password') };
    },
  };
}

/** @throws TypeError that names what cannot be used */
export function readConnectOptions(url: unknown, given: unknown): ConnectOptions {
  const options = readFields(given, 'connect() takes options');
  const servers = options['servers'];
  if (isGiven(servers) && !Array.isArray(servers)) throw new TypeError('servers must be a list of URLs');
  const urls = [...(isGiven(url) && url !== '' ? [url] : []), ...(Array.isArray(servers) ? copyList(servers) : [])];
  if (urls.length === 0) throw new TypeError('connect() takes the URL of a broker: mqtt://broker.example:1883');
  return {
    brokers: urls.map((one) => {
      if (typeof one !== 'string') throw new TypeError(`connect() takes URLs as text, not ${typeof one}`);
      return parseBrokerUrl(one);
    }),
    keepaliveMs: readNumber(options['keepalive'], 'keepalive', 60, MOST_KEEPALIVE_S) * 1000,
    timeoutMs: Math.max(1, readNumber(options['connect_timeout'], 'connect_timeout', 30_000, 2 ** 31 - 1)),
    cleanSession: readFlag(options['clean_session'], 'clean_session', true),
    tags: options['tags'],
  };
}

/** The options of a publication. @throws TypeError */
export function readPublish(topic: unknown, payload: unknown, given: unknown) {
  const options = readFields(given, 'publish() takes options');
  return {
    topic: readTopic(topic, 'publish'),
    payload: readPayload(payload, 'publish()'),
    qos: readQos(options['qos']),
    retain: readFlag(options['retain'], 'retain', false),
    tags: options['tags'],
  };
}

/** One topic filter or a list. @throws TypeError */
export function readTopics(what: string, topics: unknown, given: unknown) {
  const options = readFields(given, `${what}() takes options`);
  const list = Array.isArray(topics) ? copyList(topics) : [topics];
  if (list.length === 0) throw new TypeError(`${what}() takes at least one topic`);
  return { topics: list.map((topic) => readFilter(topic, what)), qos: readQos(options['qos']), tags: options['tags'] };
}

/** The tags of an `end()`. @throws TypeError */
export function readEnd(given: unknown): unknown {
  return readFields(given, 'end() takes options')['tags'];
}

function readWill(given: unknown): Will {
  const will = readFields(given, 'will');
  return {
    topic: readTopic(will['topic'], 'will: publish'),
    payload: readPayload(isGiven(will['payload']) ? will['payload'] : '', 'will'),
    qos: readQos(will['qos']),
    retain: readFlag(will['retain'], 'retain', false),
  };
}

function readTopic(given: unknown, what: string): string {
  if (typeof given !== 'string' || given === '') throw new TypeError(`${what}() takes a topic as text`);
  if (/[+#\0]/.test(given))
    throw new TypeError(`${what}() takes a topic without + and #, not ${JSON.stringify(given)}`);
  return checkLength(given);
}

/** A filter by section 4.7.1: `+` is a whole level, `#` the last one. */
function readFilter(given: unknown, what: string): string {
  if (typeof given !== 'string' || given === '') throw new TypeError(`${what}() takes topics as text`);
  const levels = given.split('/');
  const isValid = levels.every(
    (level, i) => level === '+' || (level === '#' && i === levels.length - 1) || !/[+#\0]/.test(level),
  );
  if (!isValid)
    throw new TypeError(
      `${what}() cannot read ${JSON.stringify(given)}: + stands for a whole level, # for all at the end`,
    );
  return checkLength(given);
}

function checkLength(topic: string): string {
  if (Buffer.byteLength(topic) <= MOST_TOPIC) return topic;
  throw new TypeError(`a topic has ${MOST_TOPIC} bytes at most, not ${Buffer.byteLength(topic)}`);
}

function readPayload(given: unknown, what: string): Buffer {
  const bytes = typeof given === 'string' ? Buffer.from(given) : toBytes(given);
  if (bytes === null)
    throw new TypeError(
      `${what} takes the payload as text or an ArrayBuffer, not ${given === null ? 'null' : typeof given}`,
    );
  if (bytes.length > MOST_PAYLOAD)
    throw new TypeError(`${what} takes ${MOST_PAYLOAD} bytes at most, not ${bytes.length}`);
  // The script may change its buffer before it is sent.
  return typeof given === 'string' ? (bytes as Buffer) : Buffer.from(bytes);
}

function readQos(given: unknown): QoS {
  const qos = given ?? 0;
  if (qos === 0 || qos === 1 || qos === 2) return qos;
  throw new TypeError(`qos is 0, 1 or 2, not ${typeof qos === 'number' || typeof qos === 'string' ? qos : typeof qos}`);
}

function readNumber(given: unknown, name: string, otherwise: number, most: number): number {
  const value = given ?? otherwise;
  if (typeof value === 'number' && value >= 0 && value <= most) return value;
  throw new TypeError(
    `${name} must be a number from 0 to ${most}, not ${typeof value === 'number' ? value : typeof value}`,
  );
}

function readFlag(given: unknown, name: string, otherwise: boolean): boolean {
  const value = given ?? otherwise;
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${name} must be true or false, not ${typeof value}`);
}

function readText(given: unknown, name: string): string | null {
  if (!isGiven(given)) return null;
  if (typeof given === 'string') return given;
  throw new TypeError(`${name} must be text, not ${typeof given}`);
}

function readFields(given: unknown, what: string): Fields {
  if (!isGiven(given)) return {};
  if (typeof given !== 'object') throw new TypeError(`${what} must be an object, not ${typeof given}`);
  return given as Fields;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
