// Modules that `@types/k6` does not describe: k6's own, its official extensions, and older names.

declare module 'k6/crypto/x509' {
  /** A certificate (https://grafana.com/docs/k6/latest/javascript-api/k6-crypto/x509/). */
  export interface Certificate {
    subject: Subject;
    issuer: Issuer;
    /** ISO 8601. */
    notBefore: string;
    notAfter: string;
    altNames: string[];
    signatureAlgorithm: string;
    fingerPrint: number[];
    publicKey: PublicKey;
  }
  export interface Issuer {
    commonName: string;
    country: string;
    stateOrProvinceName: string;
    localityName: string;
    organizationName: string;
    names: { type: string; value: string }[];
  }
  export interface Subject extends Issuer {
    postalCode: string;
    streetAddress: string;
    organizationalUnitName: string[];
  }
  export interface PublicKey {
    algorithm: string;
    /** Large numbers are BigInts. */
    key: Record<string, unknown>;
  }

  /** @param encoded PEM */
  export function parse(encoded: string): Certificate;
  export function getAltNames(encoded: string): string[];
  export function getIssuer(encoded: string): Issuer;
  export function getSubject(encoded: string): Subject;

  const x509: {
    parse: typeof parse;
    getAltNames: typeof getAltNames;
    getIssuer: typeof getIssuer;
    getSubject: typeof getSubject;
  };
  export default x509;
}

declare module 'k6/experimental/websockets' {
  /** @deprecated import from 'k6/websockets' */
  export * from 'k6/websockets';

  import * as websockets from 'k6/websockets';
  export default websockets;
}

declare module 'k6/x/dns' {
  /**
   * Asks one name server (https://grafana.com/docs/k6/latest/javascript-api/k6-x-dns/).
   * @param nameserver '8.8.8.8:53'
   */
  export function resolve(query: string, recordType: 'A' | 'AAAA', nameserver: string): Promise<string[]>;
  /** Asks as the system does. */
  export function lookup(hostname: string): Promise<string[]>;

  const dns: { resolve: typeof resolve; lookup: typeof lookup };
  export default dns;
}

declare module 'k6/x/faker' {
  type Category = { readonly [name: string]: (...args: any[]) => any };

  /** Made-up data (https://github.com/grafana/xk6-faker). */
  export class Faker {
    /** @param seed the same one gives the same sequence */
    constructor(seed?: number);
    /** The function of that name, of whichever category. */
    call(name: string, ...args: unknown[]): any;
    readonly address: Category;
    readonly animal: Category;
    readonly app: Category;
    readonly beer: Category;
    readonly book: Category;
    readonly car: Category;
    readonly celebrity: Category;
    readonly color: Category;
    readonly company: Category;
    readonly emoji: Category;
    readonly error: Category;
    readonly file: Category;
    readonly finance: Category;
    readonly food: Category;
    readonly game: Category;
    readonly hacker: Category;
    readonly hipster: Category;
    readonly internet: Category;
    readonly language: Category;
    readonly minecraft: Category;
    readonly movie: Category;
    readonly numbers: Category;
    readonly payment: Category;
    readonly person: Category;
    readonly product: Category;
    readonly strings: Category;
    readonly time: Category;
    readonly word: Category;
    /** All functions in one. */
    readonly zen: Category;
  }

  const faker: Faker;
  export default faker;
}

declare module 'k6/x/icmp' {
  export type IP = 'ip4' | 'ip6';

  /** Options of pings (https://grafana.com/docs/k6/latest/javascript-api/k6-x-icmp/ping-options/); times in ms, or as '2s'. */
  export interface PingOptions {
    /** Identifier of the session, 0 to 65535; ping needs the right to raw sockets for it. */
    id?: number;
    /** What the requests of the call are counted from: 1. */
    seq?: number;
    ttl?: number;
    /** For one request and its reply: 10s. */
    timeout?: number | string;
    /** For all of them together: none. */
    deadline?: number | string;
    /** Requests: 1. */
    count?: number;
    /** Percentage of replies that makes the call true: 100. */
    threshold?: number;
    /** Bytes of data: 56. */
    size?: number;
    /** From one request to the next: 1s, at least 500ms unless K6_PING_MINIMUM_INTERVAL says otherwise. */
    interval?: number | string;
    /** Source address. */
    source?: string;
    /** For names that have addresses of both. */
    preferred_ip_version?: IP;
    tags?: { [name: string]: string | number | boolean };
  }

  /** What became of one request (https://grafana.com/docs/k6/latest/javascript-api/k6-x-icmp/ping-detail/). */
  export interface PingDetail {
    alive: boolean;
    target: string;
    /** Missing where the target was not found. */
    target_ip?: string;
    target_ip_version?: IP;
    /** Milliseconds since the epoch, with fractions. */
    sent_at: number;
    /** As those below, of a reply alone. */
    received_at?: number;
    ttl?: number;
    id?: number;
    /** Bytes, with the header of ICMP. */
    size?: number;
    seq: number;
    options: PingOptions;
  }

  export type PingCallback = (err: Error | null, data: PingDetail) => void;

  /** Sends echo requests (https://grafana.com/docs/k6/latest/javascript-api/k6-x-icmp/), and waits for the replies. */
  export function ping(target: string, options?: PingOptions): boolean;
  /** As `ping`, with a promise; the callback hears of each request. */
  export function pingAsync(target: string, options?: PingOptions, callback?: PingCallback): Promise<boolean>;
  export function pingAsync(target: string, callback: PingCallback): Promise<boolean>;

  const icmp: { ping: typeof ping; pingAsync: typeof pingAsync };
  export default icmp;
}

declare module 'k6/x/tls' {
  export interface DistinguishedName {
    common_name: string;
    country?: string[];
    organization?: string[];
    organizational_unit?: string[];
    locality?: string[];
    province?: string[];
    street_address?: string[];
    postal_code?: string[];
  }

  export interface Certificate {
    subject: DistinguishedName;
    issuer: DistinguishedName;
    /** Epoch milliseconds. */
    issued: number;
    expires: number;
    /** SHA-256. */
    fingerprint: string;
    /** Of Sixfold. */
    serial_number: string;
    dns_names: string[];
    /** Of Sixfold: why a client would not trust it; 0 where it would. */
    error_code: number;
    error: string;
  }

  /** @param target 'example.com' or 'example.com:8443' */
  export function getCertificate(target: string): Promise<Certificate>;

  const tls: { getCertificate: typeof getCertificate };
  export default tls;
}

declare module 'k6/x/sql' {
  export type Value = null | undefined | boolean | number | bigint | string | ArrayBuffer | ArrayBufferView | Date;
  export interface Result {
    rowsAffected(): number;
    /** Not of PostgreSQL: RETURNING gives it there. */
    lastInsertId(): number;
  }
  export type Row = Record<string, any>;
  export interface Database {
    exec(statement: string, ...values: Value[]): Result;
    execWithTimeout(timeout: string, statement: string, ...values: Value[]): Result;
    query(statement: string, ...values: Value[]): Row[];
    queryWithTimeout(timeout: string, statement: string, ...values: Value[]): Row[];
    close(): void;
  }
  export interface Options {
    connMaxLifetime?: string;
    connMaxIdleTime?: string;
    maxOpenConns?: number;
    maxIdleConns?: number;
    /** Of MySQL, whose text is a list of bytes otherwise, as in k6. */
    textAsStrings?: boolean;
  }
  /** @param driver the default export of `k6/x/sql/driver/…` */
  export function open(driver: symbol | string, connectionString: string, options?: Options): Database;
  const sql: { open: typeof open };
  export default sql;
}
declare module 'k6/x/sql/driver/sqlite3' {
  const driver: symbol;
  export default driver;
}
declare module 'k6/x/sql/driver/postgres' {
  const driver: symbol;
  export default driver;
}
declare module 'k6/x/sql/driver/mysql' {
  const driver: symbol;
  export default driver;
}
