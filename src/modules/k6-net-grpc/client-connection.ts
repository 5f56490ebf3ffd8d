// A client's schemas and its connection.
import { adviseOnTransport } from '../../codes/advise-on-transport.ts';
import { nearestNames } from '../../codes/nearest-names.ts';
import { remoteOf } from '../../vu/note-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { Channel } from '../../wire/grpc/channel.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { type MethodDescriptor, ProtoRegistry, type SchemaCache } from '../../wire/protobuf/index.ts';
import type { CallSamples } from './call-samples.ts';
import { readConnectParams, tlsParamsFor } from './connect-params.ts';
import { HEALTH_STATUSES } from './constants.ts';
import { ownMethod } from './own-schemas.ts';
import { ReflectionError, reflect } from './reflection.ts';
import { parseTarget, type TargetAddress } from './target-address.ts';

const HEALTH_CHECK = '/grpc.health.v1.Health/Check';
/** k6 gives it none; a virtual user must not hang for ever. */
const HEALTH_TIMEOUT_MS = 120_000;

export class ClientConnection {
  readonly registry: ProtoRegistry;
  readonly #samples: CallSamples;
  #channel: Channel | null = null;
  #target: TargetAddress | null = null;
  #watched = false;
  /** What the reflection lacked. */
  #absent: ReadonlyMap<string, string> = new Map();

  constructor(cache: SchemaCache, samples: CallSamples) {
    this.registry = new ProtoRegistry(cache);
    this.#samples = samples;
  }

  /** As the script gave it. */
  get address(): string {
    return this.#target?.given ?? '';
  }

  /** @throws Error before connect and after close */
  get channel(): Channel {
    if (!this.#channel) throw new Error('no gRPC connection, you must call connect first');
    return this.#channel;
  }

  /**
   * @param method with or without the leading slash
   * @throws Error where no schema has it
   */
  method(method: unknown): MethodDescriptor {
    if (typeof method !== 'string' || method === '') throw new Error('method to invoke cannot be empty');
    const fullName = method.startsWith('/') ? method : `/${method}`;
    const found = this.registry.method(fullName);
    if (!found) throw new Error(`method "${fullName}" not found in file descriptors${this.#hintFor(fullName)}`);
    return found;
  }

  #hintFor(fullName: string): string {
    const [, service = ''] = fullName.split('/');
    const reason = this.#absent.get(service);
    if (reason !== undefined) return `: the server lists ${service} without a descriptor (${reason})`;
    const known = [...this.registry.methodNames()];
    const ofService = known.filter((name) => name.startsWith(`/${service}/`));
    const [near] = nearestNames(fullName, ofService.length > 0 ? ofService : known, 1);
    return near === undefined ? '' : `; did you mean "${near}"?`;
  }

  #addReflected(files: readonly Uint8Array[], absent: ReadonlyMap<string, string>): void {
    this.#absent = absent;
    try {
      this.registry.addFileDescriptors(files);
    } catch (error) {
      if (absent.size === 0) throw new Error(`the server's reflection: ${(error as Error).message}`);
      const missing = [...absent].map(([name, reason]) => `${name} (${reason})`).join(', ');
      throw new Error(`the server's reflection: ${(error as Error).message}; it did not send ${missing}`);
    }
  }

  /**
   * Replaces the connection that there was.
   * @throws Error for params that cannot be used; the promise rejects where no connection comes about
   */
  connect(vu: VirtualUser, address: unknown, given: unknown): Promise<true> {
    let params: ReturnType<typeof readConnectParams>;
    try {
      params = readConnectParams(given);
    } catch (error) {
      throw new Error(`invalid grpc.connect() parameters: ${(error as Error).message}`);
    }
    const target = parseTarget(String(address ?? ''));
    const { environment } = vu;
    const host = params.authority === '' ? target.host : params.authority.replace(/:\d+$/, '');
    const tls = tlsParamsFor(params, environment.network, host);
    return this.#open(vu, target, params, tls);
  }

  async #open(
    vu: VirtualUser,
    target: TargetAddress,
    params: ReturnType<typeof readConnectParams>,
    tls: ReturnType<typeof tlsParamsFor>,
  ): Promise<true> {
    const { environment } = vu;
    const started = performance.now();
    let channel: Channel;
    try {
      channel = await Channel.connect({
        dialer: environment.network.dialer,
        host: target.host,
        port: target.port,
        tls,
        timeoutMs: params.timeoutMs,
        meter: vu.meter,
        // As grpc-go has it, HTTPS_PROXY counts for plain connections too.
        proxy: environment.network.proxyFor('https', target.host, target.port),
        localAddressIndex: environment.network.localAddressOf(vu),
        ...(params.authority === '' ? {} : { authority: params.authority }),
        ...(params.maxReceiveSize > 0 ? { maxReceiveSize: params.maxReceiveSize } : {}),
        ...(params.maxSendSize > 0 ? { maxSendSize: params.maxSendSize } : {}),
        userAgent: environment.options.userAgent,
        onConnected: (connection) => this.#samples.connected(vu.tags, connection),
      });
    } catch (error) {
      if (error instanceof WireError) {
        this.#samples.notConnected(vu, target.given, error, performance.now() - started);
      }
      throw explainDial(error, target.given, tls !== null);
    }
    if (params.reflect) {
      const tags = this.#samples.tags(vu.tags, null, target.given, null);
      const asked = performance.now();
      try {
        const left = Math.max(1, params.timeoutMs - (asked - started));
        const { files, absent } = await reflect(channel, params.reflectMetadata, left);
        this.#addReflected(files, absent);
        this.#samples.finish(tags, 0, 0, performance.now() - asked);
      } catch (error) {
        channel.close();
        if (error instanceof ReflectionError) {
          this.#samples.finish(tags, error.status, error.errorCode, performance.now() - asked);
          const describe = () => ({ vu, target: `reflection of ${target.given}` });
          this.#samples.keepFailed(error.errorCode, error.message, describe);
          throw new Error(`error invoking reflect API: rpc error: code = ${error.status} desc = ${error.message}`);
        }
        throw error;
      }
    }
    this.#channel?.close();
    this.#channel = channel;
    this.#target = target;
    if (!this.#watched) {
      this.#watched = true;
      vu.onDispose(() => this.close());
    }
    return true;
  }

  /** Does nothing without a connection. */
  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }

  /**
   * Asks grpc.health.v1; '' is the server as a whole.
   * @returns the number of one of the health statuses; rejects with the RPC's error
   */
  async healthCheck(vu: VirtualUser, service: string): Promise<number> {
    const { input, output } = ownMethod(HEALTH_CHECK);
    const channel = this.channel;
    const started = performance.now();
    const base = vu.tags;
    const result = await channel.unary({
      path: HEALTH_CHECK,
      metadata: [],
      message: input.encode({ service }, () => undefined),
      timeoutMs: HEALTH_TIMEOUT_MS,
    });
    const tags = this.#samples.withIp(this.#samples.tags(base, null, this.address, null), result.remoteIp);
    this.#samples.finish(tags, result.status, result.errorCode, performance.now() - started);
    this.#samples.keepFailed(result.errorCode, result.statusMessage, () => ({
      vu,
      target: `${HEALTH_CHECK} on ${this.address}`,
      remote: remoteOf(result),
    }));
    if (result.status !== 0) throw new Error(`rpc error: code = ${result.status} desc = ${result.statusMessage}`);
    const { status } = output.decode(result.message ?? new Uint8Array(), () => undefined) as {
      status: string | number;
    };
    return typeof status === 'number' ? status : HEALTH_NUMBERS[status]!;
  }
}

const HEALTH_NUMBERS: Readonly<Record<string, number>> = {
  UNKNOWN: HEALTH_STATUSES.HealthCheckUnknown,
  SERVING: HEALTH_STATUSES.HealthCheckServing,
  NOT_SERVING: HEALTH_STATUSES.HealthCheckNotServing,
  SERVICE_UNKNOWN: HEALTH_STATUSES.HealthCheckServiceUnknown,
};

/** The connection's own deadline shows as Go's context has it. */
function explainDial(error: unknown, address: string, secure: boolean): Error {
  if (error instanceof WireError && (error.code === 1050 || error.code === 1211 || error.code === 1323)) {
    return new Error(`context deadline exceeded: connection error: ${error.message} (${address})`);
  }
  const advice = error instanceof WireError ? adviseOnTransport(error, secure, 'grpc') : '';
  return new Error(`${error instanceof Error ? error.message : String(error)} (${address})${advice}`);
}
