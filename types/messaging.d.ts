// Connections and messages: `k6/x/tcp`, `k6/x/mqtt`, `k6/x/sse`.

declare module 'k6/x/tcp' {
  type Data = string | ArrayBuffer | ArrayBufferView;
  type Tags = Record<string, string | number | boolean>;

  export interface ConnectOptions {
    port: number;
    host?: string;
    tls?: boolean;
    tags?: Tags;
  }

  export interface WriteOptions {
    encoding?: 'utf8' | 'utf-8' | 'ascii' | 'base64' | 'base64url' | 'hex';
    tags?: Tags;
  }

  /** A connection (https://grafana.com/docs/k6/latest/javascript-api/k6-x-tcp/). */
  export class Socket {
    constructor(options?: { tags?: Tags });
    connect(port: number, host?: string): Promise<void>;
    connect(options: ConnectOptions): Promise<void>;
    /** As an earlier version of the extension called it. */
    connectAsync(port: number, host?: string): Promise<void>;
    connectAsync(options: ConnectOptions): Promise<void>;
    write(data: Data, options?: WriteOptions): Promise<void>;
    writeAsync(data: Data, options?: WriteOptions): Promise<void>;
    on(event: 'data', handler: (data: ArrayBuffer) => unknown): this;
    on(event: 'error', handler: (error: Error & { error_code: number }) => unknown): this;
    on(event: 'connect' | 'close' | 'timeout', handler: () => unknown): this;
    /** @param ms without data; 0 for no limit */
    setTimeout(ms: number): this;
    destroy(): void;
    readonly ready_state: string;
    readonly connected: boolean;
    readonly local_ip: string | undefined;
    readonly local_port: number | undefined;
    readonly remote_ip: string | undefined;
    readonly remote_port: number | undefined;
    readonly bytes_written: number;
    readonly bytes_read: number;
  }

  const tcp: { Socket: typeof Socket };
  export default tcp;
}

declare module 'k6/x/mqtt' {
  type Payload = string | ArrayBuffer | ArrayBufferView;
  type QoS = 0 | 1 | 2;
  type Tags = Record<string, string | number | boolean>;

  export interface ClientOptions {
    client_id?: string;
    username?: string;
    password?: string;
    /** Called for each connection. */
    credentials_provider?: () => { username?: string; password?: string };
    will?: { topic: string; payload?: Payload; qos?: QoS; retain?: boolean };
    tags?: Tags;
  }

  export interface ConnectOptions {
    /** One after another is tried. */
    servers?: string[];
    /** Seconds. */
    keepalive?: number;
    /** Milliseconds. */
    connect_timeout?: number;
    clean_session?: boolean;
    tags?: Tags;
  }

  export interface PublishOptions {
    qos?: QoS;
    retain?: boolean;
    tags?: Tags;
  }

  export interface SubscribeOptions {
    qos?: QoS;
    tags?: Tags;
  }

  /** https://grafana.com/docs/k6/latest/javascript-api/k6-x-mqtt/ */
  export class Client {
    constructor(options?: ClientOptions);
    readonly connected: boolean;
    connect(url?: string, options?: ConnectOptions): void;
    connectAsync(url?: string, options?: ConnectOptions): Promise<void>;
    reconnect(): void;
    reconnectAsync(): Promise<void>;
    publish(topic: string, payload: Payload, options?: PublishOptions): void;
    publishAsync(topic: string, payload: Payload, options?: PublishOptions): Promise<void>;
    subscribe(topics: string | string[], options?: SubscribeOptions): void;
    subscribeAsync(topics: string | string[], options?: SubscribeOptions): Promise<void>;
    unsubscribe(topics: string | string[], options?: { tags?: Tags }): void;
    unsubscribeAsync(topics: string | string[], options?: { tags?: Tags }): Promise<void>;
    end(options?: { tags?: Tags }): void;
    endAsync(options?: { tags?: Tags }): Promise<void>;
    on(event: 'message', handler: (topic: string, payload: ArrayBuffer) => unknown): this;
    on(event: 'error', handler: (error: Error & { error_code: number }) => unknown): this;
    on(event: 'connect' | 'end' | 'reconnect', handler: () => unknown): this;
  }

  const mqtt: { Client: typeof Client };
  export default mqtt;
}

declare module 'k6/x/sse' {
  export interface Event {
    id: string;
    name: string;
    data: string;
    comment: string;
    /** In milliseconds; null: the stream has asked for none. */
    retry: number | null;
  }

  export interface Client {
    on(event: 'open', handler: () => unknown): void;
    on(event: 'event', handler: (event: Event) => unknown): void;
    on(event: 'error', handler: (error: { error(): string; error_code: number }) => unknown): void;
    close(): void;
  }

  export interface Params {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    tags?: Record<string, string | number | boolean>;
    /** Of Sixfold. */
    jar?: import('k6/http').CookieJar;
    /** Of Sixfold: for the head of the answer, in milliseconds or as '5s'. */
    timeout?: number | string;
  }

  export interface Response {
    url: string;
    status: number;
    headers: Record<string, string>;
    error: string;
  }

  /** Reads server-sent events until there are no more (https://github.com/phymbert/xk6-sse). */
  export function open(url: string, params: Params | null, setUp: (client: Client) => unknown): Response;
  export function open(url: string, setUp: (client: Client) => unknown): Response;

  const sse: { open: typeof open };
  export default sse;
}
