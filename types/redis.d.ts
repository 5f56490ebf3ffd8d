// `k6/x/redis`, and the name that it had before.

declare module 'k6/x/redis' {
  type Value = string | number | boolean;

  export interface SocketOptions {
    host?: string;
    port?: number;
    /** PEM texts. */
    tls?: { ca?: string[]; cert?: string; key?: string };
    /** Seconds. */
    dialTimeout?: number;
    readTimeout?: number;
    writeTimeout?: number;
    poolSize?: number;
    minIdleConns?: number;
    maxConnAge?: number;
    poolTimeout?: number;
    idleTimeout?: number;
    idleCheckFrequency?: number;
  }

  interface CommonOptions {
    username?: string;
    password?: string;
    clientName?: string;
    database?: number;
    masterName?: string;
    sentinelUsername?: string;
    sentinelPassword?: string;
  }

  export interface SingleOptions extends CommonOptions {
    socket: SocketOptions;
  }

  export interface ClusterOptions extends CommonOptions {
    cluster: {
      nodes: (string | SocketOptions)[];
      maxRedirects?: number;
      readOnly?: boolean;
      routeByLatency?: boolean;
      routeRandomly?: boolean;
    };
  }

  /** https://grafana.com/docs/k6/latest/javascript-api/k6-x-redis/ */
  export class Client {
    constructor(options: string | SingleOptions | ClusterOptions);
    set(key: string, value: Value, expiration?: number): Promise<string>;
    get(key: string): Promise<string>;
    getSet(key: string, value: Value): Promise<string>;
    del(...keys: (string | string[])[]): Promise<number>;
    getDel(key: string): Promise<string>;
    exists(...keys: (string | string[])[]): Promise<number>;
    incr(key: string): Promise<number>;
    incrBy(key: string, increment: number): Promise<number>;
    decr(key: string): Promise<number>;
    decrBy(key: string, decrement: number): Promise<number>;
    randomKey(): Promise<string>;
    mget(...keys: (string | string[])[]): Promise<(string | null)[]>;
    expire(key: string, seconds: number): Promise<boolean>;
    ttl(key: string): Promise<number>;
    persist(key: string): Promise<boolean>;
    lpush(key: string, ...values: (Value | Value[])[]): Promise<number>;
    rpush(key: string, ...values: (Value | Value[])[]): Promise<number>;
    lpop(key: string): Promise<string>;
    rpop(key: string): Promise<string>;
    lrange(key: string, start: number, stop: number): Promise<string[]>;
    lindex(key: string, index: number): Promise<string>;
    lset(key: string, index: number, element: Value): Promise<string>;
    lrem(key: string, count: number, value: Value): Promise<number>;
    llen(key: string): Promise<number>;
    hset(key: string, field: string, value: Value): Promise<number>;
    hsetnx(key: string, field: string, value: Value): Promise<boolean>;
    hget(key: string, field: string): Promise<string>;
    hdel(key: string, ...fields: (string | string[])[]): Promise<number>;
    hgetall(key: string): Promise<Record<string, string>>;
    hkeys(key: string): Promise<string[]>;
    hvals(key: string): Promise<string[]>;
    hlen(key: string): Promise<number>;
    hincrby(key: string, field: string, increment: number): Promise<number>;
    sadd(key: string, ...members: (Value | Value[])[]): Promise<number>;
    srem(key: string, ...members: (Value | Value[])[]): Promise<number>;
    sismember(key: string, member: Value): Promise<boolean>;
    smembers(key: string): Promise<string[]>;
    srandmember(key: string): Promise<string>;
    spop(key: string): Promise<string>;
    sendCommand(command: string, ...args: Value[]): Promise<any>;
  }

  const redis: { Client: typeof Client };
  export default redis;
}

declare module 'k6/experimental/redis' {
  /** @deprecated import from 'k6/x/redis' */
  export * from 'k6/x/redis';

  import redis from 'k6/x/redis';
  export default redis;
}
