// What is kept of a call or stream that failed.
import { GRPC_STATUSES } from '../../codes/grpc-status.ts';
import type { FailedExchange, RawMessage } from '../../vu/note-failure.ts';
import { remoteOf } from '../../vu/note-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { CallResult } from '../../wire/grpc/call-result.ts';
import type { Metadata } from '../../wire/grpc/metadata.ts';
import { MessageCodec, type MethodDescriptor, type ProtoRegistry } from '../../wire/protobuf/index.ts';
import type { CallSamples } from './call-samples.ts';
import type { Outcome } from './response.ts';
import { decodeDetails } from './status-details.ts';

export interface CallParts {
  readonly vu: VirtualUser;
  readonly address: string;
  readonly method: MethodDescriptor;
  readonly registry: ProtoRegistry;
  readonly metadata: Metadata;
  /** The message that was sent, of a stream the last one; null: none was. */
  readonly sent: Uint8Array | null;
  /** The last one that came; null: none did. */
  readonly received: Uint8Array | null;
  readonly result: CallResult;
  readonly durationMs: number;
}

/** How it ended: not what the result says, where this end gave up. */
type Ending = Pick<Outcome, 'status' | 'errorCode' | 'statusMessage'>;

export function keepFailedCall(samples: CallSamples, ending: Ending, parts: CallParts): void {
  samples.keepFailed(ending.errorCode, ending.statusMessage, () => describeCall(ending, parts));
}

function describeCall({ status, statusMessage }: Ending, parts: CallParts): FailedExchange {
  const { vu, address, method, registry, metadata, sent, received, result, durationMs } = parts;
  const name = GRPC_STATUSES.find((one) => one.status === status)?.name ?? '';
  const details = result.detailsBin === null ? null : decodeDetails(result.detailsBin, registry);
  const answer: RawMessage = {
    start: `status ${status} ${name}${statusMessage === '' ? '' : `: ${statusMessage}`}`,
    headers: asFields(result.headers),
    trailers: asFields(result.trailers),
    body:
      received !== null
        ? asJson(method.output, received, registry)
        : details === null
          ? null
          : JSON.stringify(details.details, null, 1),
  };
  return {
    vu,
    target: method.fullName,
    remote: remoteOf(result),
    timings: [['call', durationMs]],
    request: {
      start: `${method.fullName} on ${address}`,
      headers: asFields(metadata),
      body: sent === null ? null : asJson(method.input, sent, registry),
    },
    response: answer,
  };
}

function asFields(metadata: Metadata): [string, string][] {
  return metadata.map(([name, value]) => [
    name,
    typeof value === 'string' ? value : Buffer.from(value).toString('base64'),
  ]);
}

/** In this realm: nothing of the script's has a say in how it looks. */
function asJson({ type }: MessageCodec, bytes: Uint8Array, registry: ProtoRegistry): string | Uint8Array {
  try {
    return JSON.stringify(new MessageCodec(type).decode(bytes, registry.findType), null, 1);
  } catch {
    return bytes;
  }
}
