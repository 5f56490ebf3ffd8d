// A receiver of OTLP, made from the official .proto files, with none of our code: calls come through grpc-js, bodies of HTTP are read by
// protobufjs.
import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import protobuf from 'protobufjs';

const PROTOS = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@opentelemetry/otlp-grpc-exporter-base/package.json')),
  'build/protos',
);

const KINDS = {
  metrics: { file: 'collector/metrics/v1/metrics_service.proto', service: 'collector.metrics.v1.MetricsService' },
  traces: { file: 'collector/trace/v1/trace_service.proto', service: 'collector.trace.v1.TraceService' },
} as const;

export type OtlpKind = keyof typeof KINDS;

/** Attributes by key, in the form of the text or number that they hold. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
}

function loadTypes(kind: OtlpKind): { request: protobuf.Type; path: string } {
  const root = new protobuf.Root();
  root.resolvePath = (_, target) => path.join(PROTOS, target);
  root.loadSync(`opentelemetry/proto/${KINDS[kind].file}`);
  const service = root.lookupService(`opentelemetry.proto.${KINDS[kind].service}`);
  const method = service.methods['Export']!;
  return {
    request: root.lookupType(`${service.fullName.slice(1, service.fullName.lastIndexOf('.'))}.${method.requestType}`),
    path: `/${service.fullName.slice(1)}/Export`,
  };
}

export class OtlpReceiver {
  readonly #type: protobuf.Type;
  readonly #path: string;
  readonly #protocol: 'grpc' | 'http';
  readonly requests: Record<string, unknown>[] = [];
  /** Headers or metadata of the last request. */
  headers: Readonly<Record<string, unknown>> = {};
  #port = 0;
  #stop: (() => Promise<void>) | null = null;

  constructor(kind: OtlpKind, protocol: 'grpc' | 'http') {
    const { request, path: method } = loadTypes(kind);
    this.#type = request;
    this.#path = method;
    this.#protocol = protocol;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Listens on the port that it had before, if it did. */
  async start(): Promise<void> {
    this.#stop = this.#protocol === 'grpc' ? await this.#serveGrpc() : await this.#serveHttp();
  }

  async stop(): Promise<void> {
    await this.#stop?.();
    this.#stop = null;
  }

  #take(body: Buffer, headers: Readonly<Record<string, unknown>>): void {
    const message = this.#type.decode(body);
    this.headers = headers;
    this.requests.push(this.#type.toObject(message, { longs: String, bytes: String, enums: String, defaults: false }));
  }

  async #serveGrpc(): Promise<() => Promise<void>> {
    const server = new Server();
    const plain = (bytes: Buffer) => bytes;
    const definition: ServiceDefinition = {
      Export: {
        path: this.#path,
        requestStream: false,
        responseStream: false,
        requestSerialize: plain,
        requestDeserialize: plain,
        responseSerialize: plain,
        responseDeserialize: plain,
      },
    };
    const implementation: UntypedServiceImplementation = {
      Export: (call: { request: Buffer; metadata: { getMap(): Record<string, unknown> } }, reply: CallableFunction) => {
        this.#take(call.request, call.metadata.getMap());
        reply(null, Buffer.alloc(0));
      },
    };
    server.addService(definition, implementation);
    this.#port = await new Promise((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${this.#port}`, ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      ),
    );
    return async () => server.forceShutdown();
  }

  async #serveHttp(): Promise<() => Promise<void>> {
    const server = http.createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      this.#take(Buffer.concat(pieces), { ...request.headers, ':path': request.url });
      response.setHeader('content-type', 'application/x-protobuf').end();
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    return async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    };
  }
}
