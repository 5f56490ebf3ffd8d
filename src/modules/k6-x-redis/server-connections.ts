// The connections of one client to one server: one for all commands, which answers them in order, and one each for those that block.
import { Command, Redis } from 'ioredis';
import { WireError } from '../../wire/net/wire-error.ts';
import type { ClientOptions, ServerAddress } from './client-options.ts';
import { createConnectorClass, type Dial, quietOptions } from './dialed-connector.ts';

/** A command as it is sent. */
export interface CommandLine {
  /** In capital letters. */
  readonly name: string;
  readonly args: readonly string[];
  /** When it was handed to a connection that is ready, in ms of `performance.now()`: what came before was dialling. */
  sentAt: number;
}

interface Line {
  readonly redis: Redis;
  /** Settles when the connection is ready, or has failed. */
  readonly ready: Promise<void>;
  /** Why it has ended. */
  failure: Error | null;
  isBusy: boolean;
}

/** Node's timers know no longer time, and take one for none. */
const LONGEST_MS = 2 ** 31 - 1;

export interface ServerSettings {
  readonly server: ServerAddress;
  readonly options: ClientOptions;
  readonly dial: Dial;
  /** Which server to dial, each time anew. */
  readonly resolve: (server: ServerAddress) => ServerAddress | Promise<ServerAddress>;
  /** A replica of a cluster, which has to be told that reading is all that is wanted. */
  readonly isReplica: boolean;
}

export class ServerConnections {
  readonly #settings: ServerSettings;
  #shared: Line | null = null;
  readonly #blocking = new Set<Line>();
  readonly #waiting: (() => void)[] = [];

  constructor(settings: ServerSettings) {
    this.#settings = settings;
  }

  /**
   * Sends a command, over a connection that is made if there is none.
   * @returns the reply
   * @throws WireError where none came, ReplyError (of ioredis) where the server refused
   */
  async send(command: CommandLine): Promise<unknown> {
    if (Command.checkFlag('BLOCKING_COMMANDS', command.name.toLowerCase() as 'blpop'))
      return this.#sendBlocking(command);
    this.#shared ??= this.#open(this.#settings.options.readTimeoutMs, (line) => {
      if (this.#shared === line) this.#shared = null;
    });
    return this.#sendOn(this.#shared, command);
  }

  close(): void {
    this.#shared?.redis.disconnect();
    for (const { redis } of this.#blocking) redis.disconnect();
  }

  async #sendBlocking(command: CommandLine): Promise<unknown> {
    let line = this.#findFree();
    if (line === null) {
      await this.#waitForRoom();
      line = this.#findFree();
      if (line === null) throw new WireError(1050, 'request timeout: all connections wait for a command that blocks');
    }
    line.isBusy = true;
    try {
      return await this.#sendOn(line, command);
    } finally {
      line.isBusy = false;
      this.#waiting.shift()?.();
    }
  }

  #findFree(): Line | null {
    for (const line of this.#blocking) if (!line.isBusy) return line;
    if (this.#blocking.size >= this.#settings.options.poolSize) return null;
    const line = this.#open(Number.POSITIVE_INFINITY, (ended) => this.#blocking.delete(ended));
    this.#blocking.add(line);
    return line;
  }

  #waitForRoom(): Promise<void> {
    const { poolTimeoutMs } = this.#settings.options;
    return new Promise((resolve) => {
      const timer = Number.isFinite(poolTimeoutMs)
        ? setTimeout(resolve, Math.min(poolTimeoutMs, LONGEST_MS))
        : undefined;
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #open(readTimeoutMs: number, onEnd: (line: Line) => void): Line {
    const { server, options, dial, resolve, isReplica } = this.#settings;
    const redis = new Redis({
      ...server,
      ...quietOptions(),
      Connector: createConnectorClass(dial, resolve, (error) => {
        line.failure ??= error;
      }),
      db: options.kind === 'cluster' ? 0 : options.database,
      readOnly: isReplica,
      ...(options.username === undefined ? {} : { username: options.username }),
      ...(options.password === undefined ? {} : { password: options.password }),
      ...(options.clientName === undefined ? {} : { connectionName: options.clientName }),
      ...(Number.isFinite(readTimeoutMs) ? { commandTimeout: readTimeoutMs } : {}),
    });
    redis.on('error', (error: Error) => {
      line.failure ??= error;
      // A database that is not there must not leave the client in another one.
      redis.disconnect();
    });
    redis.once('end', () => onEnd(line));
    const line: Line = { redis, ready: redis.connect(), failure: null, isBusy: false };
    line.ready.catch(() => onEnd(line));
    return line;
  }

  async #sendOn(line: Line, command: CommandLine): Promise<unknown> {
    try {
      if (line.redis.status !== 'ready') await line.ready;
      command.sentAt = performance.now();
      return await line.redis.call(command.name, ...command.args);
    } catch (error) {
      throw this.#explain(error as Error, line);
    }
  }

  #explain(error: Error, line: Line): Error {
    if (error instanceof WireError || error.name === 'ReplyError') return error;
    if (error.message === 'Command timed out')
      return new WireError(1050, `request timeout: no reply within ${this.#settings.options.readTimeoutMs / 1000} s`, {
        kind: 'request timeout',
      });
    const cause = line.failure ?? error;
    if (cause instanceof WireError || cause.name === 'ReplyError') return cause;
    return cause.message === 'Connection is closed.'
      ? new WireError(1040, 'EOF: the server closed the connection')
      : new WireError(1041, 'the server does not speak the protocol of Redis', { cause });
  }
}
