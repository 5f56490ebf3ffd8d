// What invoke returns: an object of the script's realm.
import type { Realm } from '../../script/realm-interface.ts';
import type { CallResult } from '../../wire/grpc/call-result.ts';
import {
  type MethodDescriptor,
  ProtoDecodeError,
  ProtoFormError,
  type ProtoRegistry,
} from '../../wire/protobuf/index.ts';
import { STATUSES } from './constants.ts';
import { ShownMetadata } from './shown-metadata.ts';
import { decodeDetails } from './status-details.ts';

/** A call's outcome as scripts see it, and as its samples tell it. */
export interface Outcome {
  readonly response: unknown;
  /** The response's message; null where it has none. */
  readonly message: unknown;
  readonly status: number;
  readonly errorCode: number;
  readonly statusMessage: string;
}

/** A message that cannot be read. */
const UNREADABLE = 1701;

type MakeResponse = (message: unknown, error: unknown, headers: unknown, trailers: unknown, status: number) => unknown;
type MakeError = (code: number, message: string, details: unknown[]) => unknown;

export class ResponseFactory {
  readonly #response: MakeResponse;
  readonly #error: MakeError;
  readonly #metadata: ShownMetadata;
  readonly #realm: Realm;

  constructor(realm: Realm) {
    this.#realm = realm;
    this.#response = realm.evaluate(
      '(message, error, headers, trailers, status) => ({message, error, headers, trailers, status})',
    ) as MakeResponse;
    this.#error = realm.evaluate('(code, message, details) => ({code, message, details: [...details]})') as MakeError;
    this.#metadata = new ShownMetadata(realm);
  }

  /** @throws Error where the reply has no JSON form, which k6 throws too */
  make(result: CallResult, method: MethodDescriptor, registry: ProtoRegistry, discard: boolean): Outcome {
    let { status, statusMessage, errorCode } = result;
    let message: unknown = null;
    if (status === STATUSES.StatusOK && !discard) {
      try {
        message = method.output.decode(result.message ?? new Uint8Array(), registry.findType);
      } catch (error) {
        if (error instanceof ProtoFormError) {
          throw new Error(`unable to convert response object to JSON: failed to marshal the message: ${error.message}`);
        }
        if (!(error instanceof ProtoDecodeError)) throw error;
        status = STATUSES.StatusInternal;
        errorCode = UNREADABLE;
        statusMessage = `grpc: failed to unmarshal the received message: ${error.message}`;
      }
    }
    let error: unknown = null;
    if (status !== STATUSES.StatusOK) {
      if (!discard) message = method.output.defaults(registry.findType);
      error = this.error(status, statusMessage, result.detailsBin, registry);
    }
    const response = this.#response(
      message,
      error,
      this.#metadata.headers(result.headerFields),
      this.#metadata.trailers(result.trailerFields),
      status,
    );
    return { response, message, status, errorCode, statusMessage };
  }

  /** `{code, message, details}`; rich details override the status's own code and message. */
  error(status: number, message: string, detailsBin: Uint8Array | null, registry: ProtoRegistry): unknown {
    const rich = detailsBin ? decodeDetails(detailsBin, registry) : null;
    if (!rich) return this.#error(status, message, []);
    const details = rich.details.map((detail) => this.#realm.fromHost(detail));
    return this.#error(rich.code, rich.message, details);
  }
}
