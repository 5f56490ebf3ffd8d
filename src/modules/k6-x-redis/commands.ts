// The methods of a client: what each sends, of which arguments, and what becomes of the reply.
import { copyList } from '../../vu/script-list.ts';

export interface CommandMethod {
  readonly command: string;
  /** The method's number of arguments. */
  readonly length: number;
  /** @throws TypeError for an argument that cannot be sent */
  read(given: readonly unknown[], method: string): string[];
  /** Null, which k6 makes an error of, comes before this. */
  reply(answer: unknown): unknown;
}

const same = (answer: unknown): unknown => answer;
const isOne = (answer: unknown): boolean => answer === 1;

type Kind = 'text' | 'value' | 'integer';

/** As many arguments as kinds; those after the last are of its kind where it is repeated. */
function method(
  command: string,
  kinds: readonly Kind[],
  options: { repeated?: boolean; reply?: (answer: unknown) => unknown } = {},
): CommandMethod {
  return {
    command,
    length: kinds.length,
    reply: options.reply ?? same,
    read(given, name) {
      // Where several may be given, k6 takes them one by one; its types say a list.
      const flat = options.repeated ? given.flatMap((one) => (Array.isArray(one) ? copyList(one) : [one])) : given;
      const count = options.repeated ? Math.max(flat.length, kinds.length) : kinds.length;
      const args: string[] = [];
      for (let i = 0; i < count; i++)
        args.push(toArgument(flat[i], kinds[Math.min(i, kinds.length - 1)] as Kind, i, name));
      return args;
    },
  };
}

/** All arguments as values, lists among them one by one. */
export function readArguments(given: readonly unknown[], method: string): string[] {
  return given
    .flatMap((one) => (Array.isArray(one) ? copyList(one) : [one]))
    .map((one, i) => toArgument(one, 'value', i + 1, method));
}

function toArgument(value: unknown, kind: Kind, index: number, method: string): string {
  const where = `argument ${index + 1} of ${method}()`;
  if (kind === 'integer') {
    if (typeof value === 'number' && Number.isInteger(value)) return String(value);
    throw new TypeError(`${where} must be a whole number, not ${describe(value)}`);
  }
  if (typeof value === 'string') return value;
  if (kind === 'text' && typeof value !== 'number')
    throw new TypeError(`${where} must be text, not ${describe(value)}`);
  if (typeof value === 'number') return String(value);
  // As k6's client writes them.
  if (typeof value === 'boolean') return value ? '1' : '0';
  throw new TypeError(`${where} must be text, a number or a boolean, not ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'number' ? String(value) : typeof value;
}

const SET: CommandMethod = {
  command: 'SET',
  length: 3,
  reply: same,
  read([key, value, expiration], name) {
    const args = [toArgument(key, 'text', 0, name), toArgument(value, 'value', 1, name)];
    const seconds =
      expiration === undefined || expiration === null ? 0 : Number(toArgument(expiration, 'integer', 2, name));
    if (seconds < 0) throw new TypeError(`argument 3 of ${name}() must be a number of seconds, 0 for no expiration`);
    return seconds === 0 ? args : [...args, 'EX', String(seconds)];
  },
};

/** By the method's name. */
export const COMMANDS: Readonly<Record<string, CommandMethod>> = {
  set: SET,
  get: method('GET', ['text']),
  getSet: method('GETSET', ['text', 'value']),
  del: method('DEL', ['text'], { repeated: true }),
  getDel: method('GETDEL', ['text']),
  exists: method('EXISTS', ['text'], { repeated: true }),
  incr: method('INCR', ['text']),
  incrBy: method('INCRBY', ['text', 'integer']),
  decr: method('DECR', ['text']),
  decrBy: method('DECRBY', ['text', 'integer']),
  randomKey: method('RANDOMKEY', []),
  mget: method('MGET', ['text'], { repeated: true }),
  expire: method('EXPIRE', ['text', 'integer'], { reply: isOne }),
  ttl: method('TTL', ['text']),
  persist: method('PERSIST', ['text'], { reply: isOne }),
  lpush: method('LPUSH', ['text', 'value'], { repeated: true }),
  rpush: method('RPUSH', ['text', 'value'], { repeated: true }),
  lpop: method('LPOP', ['text']),
  rpop: method('RPOP', ['text']),
  lrange: method('LRANGE', ['text', 'integer', 'integer']),
  lindex: method('LINDEX', ['text', 'integer']),
  lset: method('LSET', ['text', 'integer', 'value']),
  lrem: method('LREM', ['text', 'integer', 'value']),
  llen: method('LLEN', ['text']),
  hset: method('HSET', ['text', 'text', 'value']),
  hsetnx: method('HSETNX', ['text', 'text', 'value'], { reply: isOne }),
  hget: method('HGET', ['text', 'text']),
  hdel: method('HDEL', ['text', 'text'], { repeated: true }),
  hgetall: method('HGETALL', ['text'], { reply: toObject }),
  hkeys: method('HKEYS', ['text']),
  hvals: method('HVALS', ['text']),
  hlen: method('HLEN', ['text']),
  hincrby: method('HINCRBY', ['text', 'text', 'integer']),
  sadd: method('SADD', ['text', 'value'], { repeated: true }),
  srem: method('SREM', ['text', 'value'], { repeated: true }),
  sismember: method('SISMEMBER', ['text', 'value'], { reply: isOne }),
  smembers: method('SMEMBERS', ['text']),
  srandmember: method('SRANDMEMBER', ['text']),
  spop: method('SPOP', ['text']),
};

/** Names and values in turn, as an object; ioredis may have made one of them already. */
function toObject(answer: unknown): unknown {
  if (!Array.isArray(answer)) return answer;
  const entries: [string, unknown][] = [];
  for (let i = 0; i + 1 < answer.length; i += 2) entries.push([String(answer[i]), answer[i + 1]]);
  return Object.fromEntries(entries);
}
