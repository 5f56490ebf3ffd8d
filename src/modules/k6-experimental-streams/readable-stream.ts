// ReadableStream with its default controller and reader. Runs as a part of the script (see stream-classes.ts), so it is self-contained.
import type { Deferred, Method, SizedQueue, StreamParts } from './stream-parts.ts';

interface ReadResult {
  readonly value: unknown;
  readonly done: boolean;
}

interface StreamState {
  state: 'readable' | 'closed' | 'errored';
  error: unknown;
  reader: ReaderState | null;
  controller: ControllerState;
}

interface ReaderState {
  /** Null once it has let go of it. */
  stream: StreamState | null;
  closed: Deferred;
  requests: Deferred<ReadResult>[];
}

interface ControllerState {
  readonly stream: StreamState;
  readonly object: object;
  readonly source: unknown;
  readonly queue: SizedQueue;
  readonly highWaterMark: number;
  readonly size: (chunk: unknown) => number;
  pull: Method | undefined;
  cancel: Method | undefined;
  isStarted: boolean;
  isClosing: boolean;
  isPulling: boolean;
  pullsAgain: boolean;
}

/** Makes the classes; the algorithms are those of https://streams.spec.whatwg.org/#rs. */
export function makeReadableStream(parts: StreamParts): Record<string, unknown> {
  const { defer, deferRejected, ignore, promiseCall, methodOf } = parts;
  /** Only ours may make controllers. */
  const OWN = {};
  let controllerOf!: (value: object) => ControllerState;
  let stateOf!: (value: unknown) => StreamState | null;

  const canEnqueue = (c: ControllerState): boolean => !c.isClosing && c.stream.state === 'readable';
  const desiredSizeOf = (c: ControllerState): number | null => {
    if (c.stream.state === 'errored') return null;
    return c.stream.state === 'closed' ? 0 : c.highWaterMark - c.queue.totalSize;
  };
  const waits = (stream: StreamState): boolean => stream.reader !== null && stream.reader.requests.length > 0;

  function forget(c: ControllerState): void {
    c.pull = undefined;
    c.cancel = undefined;
  }

  function closeStream(stream: StreamState): void {
    stream.state = 'closed';
    const { reader } = stream;
    if (reader === null) return;
    reader.closed.resolve();
    const { requests } = reader;
    reader.requests = [];
    for (const request of requests) request.resolve({ value: undefined, done: true });
  }

  function errorStream(c: ControllerState, error: unknown): void {
    const { stream } = c;
    if (stream.state !== 'readable') return;
    c.queue.clear();
    forget(c);
    stream.state = 'errored';
    stream.error = error;
    const { reader } = stream;
    if (reader === null) return;
    ignore(reader.closed.promise);
    reader.closed.reject(error);
    const { requests } = reader;
    reader.requests = [];
    for (const request of requests) request.reject(error);
  }

  function pullIfNeeded(c: ControllerState): void {
    if (!canEnqueue(c) || !c.isStarted) return;
    if (!waits(c.stream) && !(desiredSizeOf(c)! > 0)) return;
    if (c.isPulling) {
      c.pullsAgain = true;
      return;
    }
    c.isPulling = true;
    promiseCall(c.pull, c.source, [c.object]).then(
      () => {
        c.isPulling = false;
        if (!c.pullsAgain) return;
        c.pullsAgain = false;
        pullIfNeeded(c);
      },
      (error) => errorStream(c, error),
    );
  }

  function cancelStream(stream: StreamState, reason: unknown): Promise<void> {
    if (stream.state === 'closed') return Promise.resolve();
    if (stream.state === 'errored') return Promise.reject(stream.error);
    closeStream(stream);
    const c = stream.controller;
    c.queue.clear();
    const done = promiseCall(c.cancel, c.source, [reason]);
    forget(c);
    return done.then(() => undefined);
  }

  class ReadableStreamDefaultController {
    readonly #state: ControllerState;
    static {
      controllerOf = (value) => (value as ReadableStreamDefaultController).#state;
    }
    constructor(own?: unknown, make?: (object: object) => ControllerState) {
      if (own !== OWN) throw new TypeError('a stream makes its controller itself');
      this.#state = make!(this);
    }
    get desiredSize(): number | null {
      return desiredSizeOf(this.#state);
    }
    close(): void {
      const c = this.#state;
      if (!canEnqueue(c)) throw new TypeError('a stream that is closed or has failed cannot be closed');
      c.isClosing = true;
      if (!c.queue.isEmpty) return;
      forget(c);
      closeStream(c.stream);
    }
    enqueue(chunk?: unknown): void {
      const c = this.#state;
      if (!canEnqueue(c)) throw new TypeError('a stream that is closed or has failed takes no chunks');
      if (waits(c.stream)) c.stream.reader!.requests.shift()!.resolve({ value: chunk, done: false });
      else {
        try {
          c.queue.push(chunk, c.size(chunk));
        } catch (error) {
          errorStream(c, error);
          throw error;
        }
      }
      pullIfNeeded(c);
    }
    error(reason?: unknown): void {
      errorStream(this.#state, reason);
    }
  }

  class ReadableStreamDefaultReader {
    readonly #state: ReaderState;
    constructor(given: unknown) {
      const stream = stateOf(given);
      if (stream === null) throw new TypeError('ReadableStreamDefaultReader takes a ReadableStream');
      if (stream.reader !== null) throw new TypeError('the stream has a reader already: it is locked');
      const closed = stream.state === 'errored' ? deferRejected(stream.error) : defer();
      if (stream.state === 'closed') closed.resolve();
      stream.reader = this.#state = { stream, closed, requests: [] };
    }
    get closed(): Promise<unknown> {
      return #state in this ? this.#state.closed.promise : parts.refuseOther('a reader of a stream');
    }
    read(): Promise<ReadResult> {
      if (!(#state in this)) return parts.refuseOther('a reader of a stream');
      const { stream, requests } = this.#state;
      if (stream === null) return Promise.reject(new TypeError('the reader has let go of its stream'));
      if (stream.state === 'errored') return Promise.reject(stream.error);
      if (stream.state === 'closed') return Promise.resolve({ value: undefined, done: true });
      const c = stream.controller;
      const request = defer<ReadResult>();
      if (c.queue.isEmpty) {
        requests.push(request);
        pullIfNeeded(c);
        return request.promise;
      }
      const value = c.queue.shift();
      if (c.isClosing && c.queue.isEmpty) {
        forget(c);
        closeStream(stream);
      } else pullIfNeeded(c);
      request.resolve({ value, done: false });
      return request.promise;
    }
    cancel(reason?: unknown): Promise<void> {
      if (!(#state in this)) return parts.refuseOther('a reader of a stream');
      const { stream } = this.#state;
      if (stream === null) return Promise.reject(new TypeError('the reader has let go of its stream'));
      return cancelStream(stream, reason);
    }
    releaseLock(): void {
      const reader = this.#state;
      const { stream, requests } = reader;
      if (stream === null) return;
      const reason = new TypeError('the reader has let go of its stream');
      if (reader.closed.isPending) {
        ignore(reader.closed.promise);
        reader.closed.reject(reason);
      } else reader.closed = deferRejected(reason);
      stream.reader = null;
      reader.stream = null;
      reader.requests = [];
      for (const request of requests) request.reject(reason);
    }
  }

  class ReadableStream {
    readonly #state: StreamState;
    static {
      stateOf = (value) => (typeof value === 'object' && value !== null && #state in value ? value.#state : null);
    }
    constructor(underlyingSource?: unknown, strategy?: unknown) {
      const owner = 'the underlying source';
      if (underlyingSource === null) throw new TypeError(`${owner} must be an object`);
      const source = parts.objectOr(underlyingSource, owner);
      const queuing = parts.objectOr(strategy, 'a queuing strategy');
      if (source['type'] === 'bytes') throw new RangeError('streams of bytes (type "bytes") are not supported');
      if (source['type'] !== undefined) throw new TypeError(`there is no type of stream "${String(source['type'])}"`);
      const cancel = methodOf(source, 'cancel', owner);
      const pull = methodOf(source, 'pull', owner);
      const start = methodOf(source, 'start', owner);
      const size = parts.sizeOf(queuing);
      const highWaterMark = parts.highWaterMarkOf(queuing, 1);
      const stream = { state: 'readable', error: undefined, reader: null } as unknown as StreamState;
      this.#state = stream;
      const controller = new ReadableStreamDefaultController(OWN, (object) => ({
        stream,
        object,
        source: underlyingSource,
        queue: new parts.Queue(),
        highWaterMark,
        size,
        pull,
        cancel,
        isStarted: false,
        isClosing: false,
        isPulling: false,
        pullsAgain: false,
      }));
      const c = controllerOf(controller);
      stream.controller = c;
      const started = start === undefined ? undefined : start.call(underlyingSource, controller);
      Promise.resolve(started).then(
        () => {
          c.isStarted = true;
          pullIfNeeded(c);
        },
        (error) => errorStream(c, error),
      );
    }
    get locked(): boolean {
      return this.#state.reader !== null;
    }
    cancel(reason?: unknown): Promise<void> {
      if (!(#state in this)) return parts.refuseOther('a ReadableStream');
      if (this.locked) return Promise.reject(new TypeError('a stream that has a reader is cancelled by that'));
      return cancelStream(this.#state, reason);
    }
    getReader(options?: unknown): ReadableStreamDefaultReader {
      const { mode } = parts.objectOr(options, 'the options of getReader()');
      if (mode !== undefined) throw new TypeError(`there is no reader of the mode "${String(mode)}": leave it out`);
      return new ReadableStreamDefaultReader(this);
    }
    tee(): never {
      const error = new Error('tee() is not supported');
      error.name = 'NotSupportedError';
      throw error;
    }
    async *values(options?: unknown): AsyncGenerator<unknown, void, void> {
      const { preventCancel } = parts.objectOr(options, 'the options of values()');
      const reader = this.getReader();
      let isOver = false;
      try {
        for (;;) {
          let step: ReadResult;
          try {
            step = await reader.read();
          } catch (error) {
            isOver = true;
            throw error;
          }
          if (step.done) {
            isOver = true;
            return;
          }
          yield step.value;
        }
      } finally {
        const cancelled = isOver || preventCancel ? undefined : reader.cancel();
        reader.releaseLock();
        await cancelled;
      }
    }
    [Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
      return this.values();
    }
  }
  return { ReadableStream, ReadableStreamDefaultReader };
}
