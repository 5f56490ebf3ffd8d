// What a script gives to make a client (k6 page "k6/x/redis > Options"), read and checked.
import { maskUnread } from '../../addresses/credentials.ts';
import { toBytes } from '../../vu/script-bytes.ts';
import { copyList } from '../../vu/script-list.ts';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** PEM texts; what is left out is the test's own setting. */
export interface OwnTls {
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
}

export interface ClientOptions {
  /** One server; several for a cluster or for sentinels. */
  readonly servers: readonly ServerAddress[];
  readonly kind: 'server' | 'sentinel' | 'cluster';
  readonly tls: OwnTls | null;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly clientName: string | undefined;
  readonly database: number;
  /** Of sentinels: whose master is meant. */
  readonly masterName: string;
  readonly sentinelUsername: string | undefined;
  readonly sentinelPassword: string | undefined;
  readonly maxRedirects: number;
  /** Which nodes of a cluster are asked for what only reads. */
  readonly reads: 'master' | 'slave' | 'all';
  readonly dialTimeoutMs: number;
  /** Infinity for none. */
  readonly readTimeoutMs: number;
  /** Connections for commands that block, at most. */
  readonly poolSize: number;
  readonly poolTimeoutMs: number;
}

const PORT = 6379;
const MOST_PORT = 65_535;
const DIAL_S = 5;
const READ_S = 3;
const POOL_SIZE = 10;
const REDIRECTS = 3;

const OPTION_KEYS =
  'socket cluster username password clientName database masterName sentinelUsername sentinelPassword'.split(' ');
const SOCKET_KEYS =
  'host port tls dialTimeout readTimeout writeTimeout poolSize minIdleConns maxConnAge poolTimeout idleTimeout idleCheckFrequency'.split(
    ' ',
  );
const CLUSTER_KEYS = 'nodes maxRedirects readOnly routeByLatency routeRandomly'.split(' ');
const TLS_KEYS = ['ca', 'cert', 'key'];

type Given = Readonly<Record<string, unknown>>;

/**
 * @param given a URL, or an object of options
 * @throws TypeError that names what cannot be used
 */
export function readClientOptions(given: unknown): ClientOptions {
  if (typeof given === 'string') return complete({}, [readUrl(given)], 'server', {});
  const options = readObject(given, 'the options', OPTION_KEYS);
  if (options['cluster'] !== undefined) {
    const cluster = readObject(options['cluster'], 'cluster', CLUSTER_KEYS);
    const { nodes } = cluster;
    if (!Array.isArray(nodes) || nodes.length === 0)
      throw new TypeError('cluster.nodes must be a list with at least one URL or socket');
    return complete(
      options,
      copyList(nodes).map((node) => readServer(node, 'cluster.nodes')),
      'cluster',
      cluster,
    );
  }
  const kind = options['masterName'] === undefined ? 'server' : 'sentinel';
  if (options['socket'] === undefined)
    throw new TypeError(
      "the options need socket: { host, port }, or cluster: { nodes }; or give a URL, as in 'redis://localhost:6379'",
    );
  return complete(options, [readServer(options['socket'], 'socket')], kind, {});
}

interface Server extends ServerAddress {
  readonly tls: OwnTls | null;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: number;
  readonly socket: Given;
}

function complete(
  options: Given,
  servers: readonly Server[],
  kind: ClientOptions['kind'],
  cluster: Given,
): ClientOptions {
  const [first] = servers as [Server];
  if (servers.some(({ tls }) => (tls === null) !== (first.tls === null)))
    throw new TypeError('cluster.nodes must all be reached by TLS, or none');
  const readTimeoutMs = readSeconds(first.socket, 'readTimeout', READ_S);
  return {
    servers: servers.map(({ host, port }) => ({ host, port })),
    kind,
    tls: first.tls,
    username: readText(options, 'username') ?? first.username,
    password: readText(options, 'password') ?? first.password,
    clientName: readText(options, 'clientName'),
    database: readCount(options, 'database', first.database ?? 0),
    masterName: readText(options, 'masterName') ?? '',
    sentinelUsername: readText(options, 'sentinelUsername'),
    sentinelPassword: readText(options, 'sentinelPassword'),
    maxRedirects: readCount(cluster, 'maxRedirects', REDIRECTS),
    reads: cluster['routeRandomly'] || cluster['routeByLatency'] ? 'all' : cluster['readOnly'] ? 'slave' : 'master',
    dialTimeoutMs: readSeconds(first.socket, 'dialTimeout', DIAL_S),
    readTimeoutMs,
    poolSize: Math.max(1, readCount(first.socket, 'poolSize', POOL_SIZE)),
    poolTimeoutMs: readSeconds(first.socket, 'poolTimeout', readTimeoutMs / 1000 + 1),
  };
}

function readServer(given: unknown, where: string): Server {
  if (typeof given === 'string') return readUrl(given);
  const socket = readObject(given, where, SOCKET_KEYS);
  const host = readText(socket, 'host');
  if (host === undefined || host === '') throw new TypeError(`${where} needs a host`);
  const tls = socket['tls'] === undefined ? null : readTls(socket['tls'], where);
  const port = readCount(socket, 'port', PORT);
  if (port < 1 || port > MOST_PORT) throw new TypeError(`port must be a number from 1 to ${MOST_PORT}, not ${port}`);
  return { host, port, tls, socket };
}

/** `redis[s]://[[username][:password]@][host][:port][/database]` */
function readUrl(given: string): Server {
  const wrong = (what: string): TypeError =>
    new TypeError(
      `${JSON.stringify(maskUnread(given))} is no address of a Redis server: ${what} (redis[s]://[[username][:password]@][host][:port][/database])`,
    );
  if (!/^rediss?:\/\//i.test(given)) throw wrong('it must begin with redis:// or rediss://');
  let url: URL;
  try {
    // Without a host the server is this machine.
    url = new URL(given.replace(/^(rediss?:\/\/(?:[^/]*@)?)(?=(?::\d*)?(?:[/?#]|$))/i, '$1localhost'));
  } catch {
    throw wrong('it cannot be read');
  }
  const decode = (part: string): string | undefined => {
    try {
      return part === '' ? undefined : decodeURIComponent(part);
    } catch {
      throw wrong('a % of its name or password must be written as %25');
    }
  };
  const database = url.pathname.replace(/^\//, '');
  if (!/^\d*$/.test(database)) throw wrong(`the database ${JSON.stringify(database)} is no number`);
  if (url.search !== '' || url.hash !== '') throw wrong('nothing comes after the database');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? PORT : Number(url.port),
    tls: url.protocol === 'rediss:' ? {} : null,
    username: decode(url.username),
    password: decode(url.password),
    database: Number(database),
    socket: {},
  };
}

function readTls(given: unknown, where: string): OwnTls {
  const tls = readObject(given, `${where}.tls`, TLS_KEYS);
  const { ca, cert, key } = tls;
  if (ca !== undefined && !Array.isArray(ca)) throw new TypeError(`${where}.tls.ca must be a list of certificates`);
  if ((cert === undefined) !== (key === undefined))
    throw new TypeError(`${where}.tls needs both cert and key for a client certificate`);
  return {
    ...(ca === undefined ? {} : { ca: copyList(ca).map((one) => readPem(one, `${where}.tls.ca`)) }),
    ...(cert === undefined ? {} : { cert: readPem(cert, `${where}.tls.cert`), key: readPem(key, `${where}.tls.key`) }),
  };
}

function readPem(given: unknown, where: string): string {
  const bytes = toBytes(given);
  const text =
    bytes === null ? given : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (typeof text !== 'string' || !text.includes('-----BEGIN '))
    throw new TypeError(`${where} must be PEM, as open(path) or open(path, 'b') gives it`);
  return text;
}

/** @returns a copy of the object's own fields: a getter may answer differently the second time */
function readObject(given: unknown, what: string, known: readonly string[]): Given {
  if (typeof given !== 'object' || given === null) throw new TypeError(`${what} must be an object`);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(given)) {
    const value = (given as Given)[key];
    if (value === undefined || value === null) continue;
    if (!known.includes(key))
      throw new TypeError(`unknown option ${JSON.stringify(key)} in ${what}: there are ${known.join(', ')}`);
    copy[key] = value;
  }
  return copy;
}

function readText(given: Given, key: string): string | undefined {
  const value = given[key];
  if (value !== undefined && typeof value !== 'string') throw new TypeError(`${key} must be text, not ${typeof value}`);
  return value;
}

function readCount(given: Given, key: string, otherwise: number): number {
  const value = given[key] ?? otherwise;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw new TypeError(`${key} must be a whole number from 0 on, not ${String(value)}`);
  return value;
}

/** @returns milliseconds; Infinity for -1 */
function readSeconds(given: Given, key: string, otherwise: number): number {
  const value = given[key] ?? otherwise;
  if (typeof value !== 'number' || Number.isNaN(value) || (value < 0 && value !== -1))
    throw new TypeError(`${key} must be a number of seconds, or -1 for no limit, not ${String(value)}`);
  return value === -1 ? Number.POSITIVE_INFINITY : value * 1000;
}
