// `new grpc.Client()` (k6 page "k6/net/grpc > Client").
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HostClass } from '../../script/realm-interface.ts';
import { box, Suspension } from '../../script/runtime/suspension.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { locateOpened, noteOpened } from '../../vu/open-files.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { codecRealm, type MethodDescriptor, SchemaCache } from '../../wire/protobuf/index.ts';
import { CallDebug } from './call-debug.ts';
import { type CallParams, readCallParams } from './call-params.ts';
import type { CallSamples } from './call-samples.ts';
import { beginCallSpan, endCallSpan } from './call-span.ts';
import { ClientConnection } from './client-connection.ts';
import { keepFailedCall } from './failed-call.ts';
import type { ResponseFactory } from './response.ts';

const DEFAULT_TIMEOUT_MS = 120_000;

export interface ClientClass {
  readonly constructor: HostClass['constructor'];
  /** The connection behind an object of the class; undefined for other values. */
  connectionOf(value: unknown): ClientConnection | undefined;
}

export function createClientClass(
  environment: VuEnvironment,
  samples: CallSamples,
  responses: ResponseFactory,
): ClientClass {
  const { realm } = environment;
  const cache = new SchemaCache(codecRealm((source) => realm.evaluate(source, 'sixfold:protobuf')));
  const debug = new CallDebug(environment);
  const files = new SchemaFiles(environment);
  const connections = new WeakMap<object, ClientConnection>();
  const healthAnswer = realm.evaluate('(status) => ({status})') as (status: number) => unknown;

  const own = (self: unknown): ClientConnection => {
    const connection = connections.get(self as object);
    if (!connection) throw new TypeError('this is not a grpc.Client');
    return connection;
  };

  const inInit = (what: string): void => {
    if ((realm.vu as VirtualUser).phase !== 'init') throw new Error(`${what} must be called in the init context`);
  };

  const describe = (methods: readonly MethodDescriptor[]): unknown =>
    realm.fromHost(methods.map((m) => ({ package: m.package, service: m.service, full_method: m.fullName })));

  /** Everything up to the call itself: what is wrong here is thrown. */
  const call = (self: unknown, method: unknown, message: unknown, given: unknown): Promise<unknown> => {
    const connection = own(self);
    const vu = realm.vu as VirtualUser;
    vu.forbidInit('invoking RPC methods');
    const { channel, address, registry } = connection;
    const target = connection.method(method);
    let params: CallParams;
    try {
      params = readCallParams(given);
    } catch (error) {
      throw new Error(`invalid GRPC's client.invoke() parameters: ${(error as Error).message}`);
    }
    if (message === undefined) throw new Error('request cannot be nil');
    if (message === null) throw new TypeError('Cannot convert undefined or null to object');
    const bytes = encodeRequest(target, message, registry);
    const tags = samples.tags(vu.tags, params.tags, address, target);
    const debugged = debug.logRequest(target.fullName, params.metadata, message);
    const { metadata: carried, span } = beginCallSpan(vu, params.metadata);
    return new Promise((resolve, reject) => {
      let interrupted = false;
      let over = false;
      let forget: (() => void) | null = null;
      const pending = channel.startUnary(
        {
          path: target.fullName,
          metadata: carried,
          message: bytes,
          timeoutMs: params.timeoutMs > 0 ? params.timeoutMs : DEFAULT_TIMEOUT_MS,
        },
        (result) => {
          over = true;
          forget?.();
          // Nobody is left to get the response, and k6 does not measure what it cut off itself.
          if (interrupted) return;
          const withIp = samples.withIp(tags, result.remoteIp);
          try {
            const outcome = responses.make(result, target, registry, params.discardResponseMessage);
            if (debugged !== 0) debug.logResponse(result, outcome.message, debugged);
            samples.finish(withIp, outcome.status, outcome.errorCode, result.durationMs);
            endCallSpan(vu, span, target, address, { ...outcome, remoteIp: result.remoteIp });
            if (outcome.errorCode !== 0) {
              const { metadata } = params;
              const { message: received, durationMs } = result;
              const parts = {
                vu,
                address,
                method: target,
                registry,
                metadata,
                sent: bytes,
                received,
                result,
                durationMs,
              };
              keepFailedCall(samples, outcome, parts);
            }
            resolve(box(outcome.response));
          } catch (error) {
            samples.finish(withIp, result.status, result.errorCode, result.durationMs);
            endCallSpan(vu, span, target, address, result);
            reject(error);
          }
        },
      );
      if (over) return;
      forget = vu.onInterrupt(() => {
        interrupted = true;
        pending.cancel();
      });
    });
  };

  const hostClass = realm.hostClass({
    name: 'Client',
    construct(self) {
      connections.set(self, new ClientConnection(cache, samples));
    },
    methods: {
      load: {
        length: 2,
        impl(this: unknown, importPaths: unknown, ...names: unknown[]) {
          inInit('load');
          const folders = Array.isArray(importPaths) ? importPaths.map(String) : [];
          return describe(own(this).registry.load(files.importPaths(folders), names.map(files.nameOf), files.read));
        },
      },
      loadProtoset: {
        length: 1,
        impl(this: unknown, name: unknown) {
          inInit('loadProtoset');
          return describe(own(this).registry.loadProtoset(files.readProtoset(String(name))));
        },
      },
      connect: {
        length: 2,
        kind: 'blocking',
        impl(this: unknown, address: unknown, params: unknown) {
          const vu = realm.vu as VirtualUser;
          vu.forbidInit('connecting to a gRPC server');
          return new Suspension(own(this).connect(vu, address, params));
        },
      },
      invoke: {
        length: 3,
        kind: 'blocking',
        impl(this: unknown, method: unknown, message: unknown, params: unknown) {
          return new Suspension(call(this, method, message, params));
        },
      },
      asyncInvoke: {
        length: 3,
        kind: 'async',
        async impl(this: unknown, method: unknown, message: unknown, params: unknown) {
          return call(this, method, message, params);
        },
      },
      healthCheck: {
        length: 1,
        kind: 'blocking',
        impl(this: unknown, service: unknown) {
          const vu = realm.vu as VirtualUser;
          vu.forbidInit('checking the health of a gRPC server');
          const answer = own(this).healthCheck(vu, service === undefined || service === null ? '' : String(service));
          return new Suspension(answer.then((status) => box(healthAnswer(status))));
        },
      },
      close: {
        length: 0,
        impl(this: unknown) {
          own(this).close();
        },
      },
    },
  });
  return {
    constructor: hostClass.constructor,
    connectionOf: (value) => (typeof value === 'object' && value ? connections.get(value) : undefined),
  };
}

/** @throws Error in k6's words */
export function encodeRequest(
  method: MethodDescriptor,
  message: unknown,
  registry: ClientConnection['registry'],
): Uint8Array {
  try {
    return method.input.encode(message, registry.findType);
  } catch (error) {
    const text = (error as Error).message;
    if (text.startsWith('cyclic')) throw new Error(text);
    throw new Error(`unable to serialise request object to protocol buffer: ${text}`);
  }
}

/** Files that scripts name, read once per worker. */
class SchemaFiles {
  readonly #environment: VuEnvironment;
  readonly #texts = new Map<string, string | undefined>();
  readonly #protosets = new Map<string, Buffer>();

  constructor(environment: VuEnvironment) {
    this.#environment = environment;
  }

  #locate(given: string): string {
    return locateOpened(this.#environment, this.#environment.script.folder, given);
  }

  /** Without any, files are looked for beside the script. */
  importPaths(given: readonly string[]): string[] {
    return (given.length === 0 ? ['.'] : given).map((folder) => this.#locate(withoutScheme(folder)));
  }

  readonly nameOf = (given: unknown): string => withoutScheme(String(given));

  readonly read = (file: string): string | undefined => {
    if (this.#texts.has(file)) return this.#texts.get(file);
    let text: string | undefined;
    try {
      text = readFileSync(file, 'utf8');
      noteOpened(this.#environment, file);
    } catch {
      text = undefined;
    }
    this.#texts.set(file, text);
    return text;
  };

  readProtoset(given: string): Buffer {
    const file = this.#locate(withoutScheme(given));
    let bytes = this.#protosets.get(file);
    if (!bytes) {
      try {
        bytes = readFileSync(file);
        noteOpened(this.#environment, file);
      } catch (error) {
        throw new Error(`couldn't open protoset: ${(error as Error).message}`);
      }
      this.#protosets.set(file, bytes);
    }
    return bytes;
  }
}

function withoutScheme(given: string): string {
  return given.startsWith('file://') ? fileURLToPath(given) : given;
}
