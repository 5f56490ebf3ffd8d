// A client's way to its server, sentinels or cluster, and what is measured of each command.

import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { Connection } from '../../wire/net/connection.ts';
import type { TlsParams } from '../../wire/net/tls-params.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import type { ClientOptions, OwnTls, ServerAddress } from './client-options.ts';
import { ClusterRouter } from './cluster-router.ts';
import type { CommandSamples } from './command-samples.ts';
import { findMaster } from './dialed-connector.ts';
import { toReplyError } from './error-replies.ts';
import { type CommandLine, ServerConnections } from './server-connections.ts';

/** What a connection that answers commands cannot do. */
const UNANSWERED = new Set(['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE', 'MONITOR', 'SYNC', 'PSYNC']);

/** Redis has no name of a protocol for TLS. */
const NO_ALPN: readonly string[] = [];

export class ClientConnection {
  readonly #vu: VirtualUser;
  readonly #options: ClientOptions;
  readonly #samples: CommandSamples;
  readonly #url: string;
  readonly #target: ServerConnections | ClusterRouter;

  /** @param vu whose the client is: it closes the connections when it goes */
  constructor(vu: VirtualUser, options: ClientOptions, samples: CommandSamples) {
    this.#vu = vu;
    this.#options = options;
    this.#samples = samples;
    const [first] = options.servers as [ServerAddress];
    this.#url = urlOf(first, options);
    const connect = (server: ServerAddress, isReplica: boolean): ServerConnections =>
      new ServerConnections({
        server,
        options,
        isReplica,
        dial: this.#dial,
        resolve: options.kind === 'sentinel' ? () => findMaster(options, this.#dial) : (given) => given,
      });
    this.#target = options.kind === 'cluster' ? new ClusterRouter(options, connect) : connect(first, false);
    vu.onDispose(() => this.#target.close());
  }

  /**
   * @returns the reply
   * @throws WireError with a code of the catalogue; what was sent is measured, unless the iteration is interrupted
   */
  async send(name: string, args: readonly string[]): Promise<unknown> {
    const vu = this.#vu;
    vu.forbidInit('sending commands to Redis');
    const command: CommandLine = { name: name.toUpperCase(), args, sentAt: performance.now() };
    if (UNANSWERED.has(command.name))
      throw new TypeError(
        `${command.name} turns a connection into a stream of messages, which a client of commands cannot read`,
      );
    const tags = this.#samples.tags(vu.tags, command.name, this.#url);
    let isInterrupted = false;
    const forget = vu.onInterrupt(() => {
      isInterrupted = true;
    });
    let failure: WireError | null = null;
    try {
      return await this.#target.send(command);
    } catch (error) {
      failure = toFailure(error as Error);
      throw failure;
    } finally {
      forget();
      if (!isInterrupted) this.#samples.finished(tags, performance.now() - command.sentAt, failure);
    }
  }

  #tlsFor(own: OwnTls, host: string): TlsParams {
    const { network } = this.#vu.environment;
    return {
      ...(own.cert === undefined ? network.tlsFor(host, NO_ALPN) : network.tlsWithoutCertificate(NO_ALPN)),
      ...own,
    };
  }

  readonly #dial = async (server: ServerAddress): Promise<Connection> => {
    const { network } = this.#vu.environment;
    const { tls, dialTimeoutMs } = this.#options;
    const connection = await network.dialer.dial({
      ...server,
      tls: tls === null ? null : this.#tlsFor(tls, server.host),
      timeoutMs: dialTimeoutMs,
      meter: this.#vu.meter,
      localAddressIndex: network.localAddressOf(this.#vu),
    });
    this.#samples.connected(this.#vu.tags, urlOf(server, this.#options), connection);
    return connection;
  };
}

function urlOf({ host, port }: ServerAddress, { tls }: ClientOptions): string {
  return `redis${tls === null ? '' : 's'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function toFailure(error: Error): WireError {
  if (error instanceof WireError) return error;
  return error.name === 'ReplyError' ? toReplyError(error.message) : new WireError(2003, error.message);
}
