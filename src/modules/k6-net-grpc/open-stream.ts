import type { TagSet } from '../../metrics/tag-set.ts';
import type { RealmFunction } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { RequestSpan } from '../../vu/tracing/tracer.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { CallResult } from '../../wire/grpc/call-result.ts';
import type { Channel } from '../../wire/grpc/channel.ts';
import type { ClientStream } from '../../wire/grpc/client-stream.ts';
import type { MethodDescriptor, ProtoRegistry } from '../../wire/protobuf/index.ts';
import type { CallParams } from './call-params.ts';
import type { CallSamples } from './call-samples.ts';
import { beginCallSpan, endCallSpan } from './call-span.ts';
import { encodeRequest } from './client-class.ts';
import { STATUSES } from './constants.ts';
import { keepFailedCall } from './failed-call.ts';
import type { ResponseFactory } from './response.ts';

/** Messages that may wait for the virtual user before the server has to. */
const MOST_WAITING = 256;
/** Octets of messages that may wait for the server before the stream is given up. */
const MOST_UNSENT = 64 * 1024 * 1024;

export type StreamEvent = 'data' | 'error' | 'end' | 'status';

export interface StreamParts {
  readonly vu: VirtualUser;
  readonly environment: VuEnvironment;
  readonly channel: Channel;
  readonly registry: ProtoRegistry;
  readonly target: MethodDescriptor;
  readonly address: string;
  readonly params: CallParams;
  /** Frozen when the stream opens, the group included. */
  readonly tags: TagSet;
  readonly samples: CallSamples;
  readonly responses: ResponseFactory;
  /** Makers of objects of the realm. */
  readonly make: { stamp(ts: number): unknown; empty(): unknown };
}

/** A failure of this end: it takes the place of the status that cancelling the call gives. */
interface OwnFailure {
  readonly status: number;
  readonly errorCode: number;
  readonly message: string;
}

/** One stream: its call, and the events that the virtual user's queue gets. */
export class OpenStream {
  readonly #parts: StreamParts;
  readonly #handlers = new Map<StreamEvent, RealmFunction[]>();
  readonly #release: () => void;
  readonly #forgetInterrupt: () => void;
  readonly #started = performance.now();
  readonly #stream: ClientStream;
  readonly #span: RequestSpan | null;
  #tags: TagSet;
  #ownFailure: OwnFailure | null = null;
  /** The last messages, in case that it fails. */
  #sent: Uint8Array | null = null;
  #received: Uint8Array | null = null;
  /** Handlers of messages that have been queued and not ended. */
  #waiting = 0;
  #paused = false;
  /** `open`: both ways; `ended`: the script has no more to say. */
  #state: 'open' | 'ended' | 'closed' = 'open';

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.#tags = parts.tags;
    const { vu, channel, target, params } = parts;
    this.#release = vu.loop.hold();
    this.#forgetInterrupt = vu.onInterrupt(() => this.#abandon());
    const { metadata, span } = beginCallSpan(vu, params.metadata);
    this.#span = span;
    this.#stream = channel.stream(
      {
        path: target.fullName,
        metadata,
        timeoutMs: params.timeoutMs > 0 ? params.timeoutMs : null,
        singleReply: !target.serverStreaming,
      },
      { onMessage: (bytes) => this.#receive(bytes), onEnd: (result) => this.#finish(result) },
    );
    this.#tags = parts.samples.withIp(parts.tags, channel.remote?.ip ?? '');
    parts.samples.streamOpened(this.#tags);
  }

  on(event: StreamEvent, handler: RealmFunction): void {
    const handlers = this.#handlers.get(event);
    if (handlers) handlers.push(handler);
    else this.#handlers.set(event, [handler]);
  }

  /** After the end nothing is sent any more. */
  write(message: unknown): void {
    if (this.#state !== 'open') return;
    const { target, registry, samples } = this.#parts;
    let bytes: Uint8Array;
    try {
      bytes = encodeRequest(target, message, registry);
    } catch (error) {
      const message = (error as Error).message.replace(/^unable to/, "can't");
      this.#fail({ status: STATUSES.StatusUnknown, errorCode: 1802, message });
      return;
    }
    if (this.#stream.unsent + bytes.length > MOST_UNSENT) {
      const text = `trying to send more than the server takes: ${MOST_UNSENT} bytes of messages wait for it`;
      this.#fail({ status: STATUSES.StatusResourceExhausted, errorCode: 1702, message: text });
      return;
    }
    this.#sent = bytes;
    this.#stream.write(bytes);
    samples.messageSent(this.#tags);
    // A method that takes one message has been told everything.
    if (!target.clientStreaming) this.end();
  }

  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    this.#stream.end();
  }

  /** The iteration was interrupted: nobody is left to tell, and nothing is measured any more, as in k6. */
  #abandon(): void {
    this.#state = 'closed';
    this.#stream.cancel();
  }

  #fail(failure: OwnFailure): void {
    if (this.#state === 'closed') return;
    this.#ownFailure ??= failure;
    this.#state = 'ended';
    this.#stream.cancel();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#ownFailure) return;
    this.#received = bytes;
    const { target, registry, params, samples, make } = this.#parts;
    let message: unknown;
    try {
      message = params.discardResponseMessage ? make.empty() : target.output.decode(bytes, registry.findType);
    } catch (error) {
      const text = `grpc: failed to unmarshal the received message: ${(error as Error).message}`;
      this.#fail({ status: STATUSES.StatusInternal, errorCode: 1701, message: text });
      return;
    }
    samples.messageReceived(this.#tags);
    this.#waiting += this.#emit('data', [message], this.#onHandled);
    if (this.#waiting < MOST_WAITING || this.#paused) return;
    this.#paused = true;
    this.#stream.pause();
  }

  /** Lets the server go on once the virtual user has caught up. */
  readonly #onHandled = (): void => {
    this.#waiting--;
    if (!this.#paused || this.#waiting > MOST_WAITING / 4) return;
    this.#paused = false;
    // Not from within the handler's job.
    queueMicrotask(() => this.#stream.resume());
  };

  #finish(result: CallResult): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    const { vu, address, target, params, samples, responses, registry, environment, make } = this.#parts;
    const own = this.#ownFailure;
    const status = own?.status ?? result.status;
    const statusMessage = own?.message ?? result.statusMessage;
    const errorCode = own?.errorCode ?? result.errorCode;
    const durationMs = performance.now() - this.#started;
    samples.finish(this.#tags, status, errorCode, durationMs);
    endCallSpan(vu, this.#span, target, address, { status, errorCode, statusMessage, remoteIp: result.remoteIp });
    if (errorCode !== 0) {
      const { metadata } = params;
      const [sent, received] = [this.#sent, this.#received];
      const outcome = { status, errorCode, statusMessage };
      const parts = { vu, address, method: target, registry, metadata, sent, received, result, durationMs };
      keepFailedCall(samples, outcome, parts);
    }
    this.#forgetInterrupt();
    if (status !== STATUSES.StatusOK) {
      if (this.#handlers.has('error'))
        this.#emit('error', [responses.error(status, statusMessage, own ? null : result.detailsBin, registry)]);
      else
        environment.logger.log(
          'warning',
          `a gRPC stream ended with an error and has no handler for it: ${statusMessage}`,
        );
    }
    this.#emit('end', [make.empty()]);
    this.#release();
  }

  /** @returns how many handlers will be called */
  #emit(event: StreamEvent, args: unknown[], onHandled?: () => void): number {
    const { vu, make } = this.#parts;
    const handlers = this.#handlers.get(event) ?? [];
    const stamp = make.stamp(Math.floor(Date.now() / 1000));
    const onThrow = (error: unknown): void => {
      onHandled?.();
      this.#onThrow(error);
    };
    for (const handler of handlers) vu.loop.post(handler, undefined, [...args, stamp], onThrow, onHandled);
    return handlers.length;
  }

  /** A handler that throws fails the iteration, and nothing more is expected of the stream. */
  #onThrow(error: unknown): void {
    this.#fail({ status: STATUSES.StatusCanceled, errorCode: 1030, message: 'canceled by client (k6)' });
    this.#parts.vu.loop.onUnhandledRejection(error);
  }
}
