// WritableStream with its default controller and writer. Runs as a part of the script (see stream-classes.ts), so it is self-contained.
import type { Deferred, Method, SizedQueue, StreamParts } from './stream-parts.ts';

interface StreamState {
  state: 'writable' | 'erroring' | 'errored' | 'closed';
  error: unknown;
  writer: WriterState | null;
  controller: ControllerState;
  hasBackpressure: boolean;
  requests: Deferred<void>[];
  writing: Deferred<void> | null;
  closeRequest: Deferred<void> | null;
  closing: Deferred<void> | null;
  abort: { readonly done: Deferred<void>; readonly reason: unknown; readonly wasErroring: boolean } | null;
}

interface WriterState {
  /** Null once it has let go of it. */
  stream: StreamState | null;
  closed: Deferred<void>;
  ready: Deferred<void>;
}

interface ControllerState {
  readonly stream: StreamState;
  readonly object: object;
  readonly sink: unknown;
  readonly queue: SizedQueue;
  readonly highWaterMark: number;
  size: (chunk: unknown) => number;
  write: Method | undefined;
  close: Method | undefined;
  abort: Method | undefined;
  isStarted: boolean;
}

/** Makes the classes; the algorithms are those of https://streams.spec.whatwg.org/#ws. */
export function makeWritableStream(parts: StreamParts): Record<string, unknown> {
  const { defer, deferRejected, ignore, promiseCall, methodOf } = parts;
  /** Only ours may make controllers. */
  const OWN = {};
  /** In the queue: the stream is to be closed here. */
  const CLOSE = {};
  let controllerOf!: (value: object) => ControllerState;
  let stateOf!: (value: unknown) => StreamState | null;

  const isClosing = (s: StreamState): boolean => s.closeRequest !== null || s.closing !== null;
  const desiredSizeOf = (c: ControllerState): number => c.highWaterMark - c.queue.totalSize;
  const letGo = (): TypeError => new TypeError('the writer has let go of its stream');

  function rejectLate(old: Deferred<void>, reason: unknown): Deferred<void> {
    if (!old.isPending) return deferRejected(reason);
    ignore(old.promise);
    old.reject(reason);
    return old;
  }

  function forget(c: ControllerState): void {
    c.write = undefined;
    c.close = undefined;
    c.abort = undefined;
    c.size = () => 1;
  }

  function updateBackpressure(s: StreamState): void {
    const has = desiredSizeOf(s.controller) <= 0;
    if (s.writer !== null && has !== s.hasBackpressure) {
      if (has) s.writer.ready = defer();
      else s.writer.ready.resolve();
    }
    s.hasBackpressure = has;
  }

  function startErroring(s: StreamState, reason: unknown): void {
    s.state = 'erroring';
    s.error = reason;
    if (s.writer !== null) s.writer.ready = rejectLate(s.writer.ready, reason);
    if (s.writing === null && s.closing === null && s.controller.isStarted) finishErroring(s);
  }

  function finishErroring(s: StreamState): void {
    s.state = 'errored';
    const c = s.controller;
    c.queue.clear();
    const { requests, abort } = s;
    s.requests = [];
    for (const request of requests) request.reject(s.error);
    s.abort = null;
    if (abort === null || abort.wasErroring) {
      abort?.done.reject(s.error);
      rejectClosed(s);
      return;
    }
    const done = promiseCall(c.abort, c.sink, [abort.reason]);
    forget(c);
    done.then(
      () => {
        abort.done.resolve();
        rejectClosed(s);
      },
      (error) => {
        abort.done.reject(error);
        rejectClosed(s);
      },
    );
  }

  function rejectClosed(s: StreamState): void {
    if (s.closeRequest !== null) {
      s.closeRequest.reject(s.error);
      s.closeRequest = null;
    }
    if (s.writer === null) return;
    ignore(s.writer.closed.promise);
    s.writer.closed.reject(s.error);
  }

  function fail(s: StreamState, error: unknown): void {
    if (s.state === 'writable') startErroring(s, error);
    else finishErroring(s);
  }

  function failController(c: ControllerState, error: unknown): void {
    forget(c);
    startErroring(c.stream, error);
  }

  function advance(c: ControllerState): void {
    const s = c.stream;
    if (!c.isStarted || s.writing !== null) return;
    if (s.state === 'erroring') {
      finishErroring(s);
      return;
    }
    if (c.queue.isEmpty) return;
    const chunk = c.queue.peek();
    if (chunk === CLOSE) processClose(c);
    else processWrite(c, chunk);
  }

  function processWrite(c: ControllerState, chunk: unknown): void {
    const s = c.stream;
    const request = s.requests.shift()!;
    s.writing = request;
    promiseCall(c.write, c.sink, [chunk, c.object]).then(
      () => {
        s.writing = null;
        request.resolve();
        c.queue.shift();
        if (!isClosing(s) && s.state === 'writable') updateBackpressure(s);
        advance(c);
      },
      (error) => {
        if (s.state === 'writable') forget(c);
        s.writing = null;
        request.reject(error);
        fail(s, error);
      },
    );
  }

  function processClose(c: ControllerState): void {
    const s = c.stream;
    const request = s.closeRequest!;
    s.closing = request;
    s.closeRequest = null;
    c.queue.shift();
    const done = promiseCall(c.close, c.sink, []);
    forget(c);
    done.then(
      () => {
        s.closing = null;
        request.resolve();
        if (s.state === 'erroring') {
          s.error = undefined;
          s.abort?.done.resolve();
          s.abort = null;
        }
        s.state = 'closed';
        s.writer?.closed.resolve();
      },
      (error) => {
        s.closing = null;
        request.reject(error);
        s.abort?.done.reject(error);
        s.abort = null;
        fail(s, error);
      },
    );
  }

  function abortStream(s: StreamState, reason: unknown): Promise<void> {
    if (s.state === 'closed' || s.state === 'errored') return Promise.resolve();
    if (s.abort !== null) return s.abort.done.promise;
    const wasErroring = s.state === 'erroring';
    const done = defer<void>();
    s.abort = { done, reason: wasErroring ? undefined : reason, wasErroring };
    if (!wasErroring) startErroring(s, reason);
    return done.promise;
  }

  function closeStream(s: StreamState): Promise<void> {
    if (s.state === 'closed' || s.state === 'errored')
      return Promise.reject(
        new TypeError(`a stream that ${s.state === 'closed' ? 'is closed' : 'has failed'} cannot be closed`),
      );
    const request = defer<void>();
    s.closeRequest = request;
    if (s.writer !== null && s.hasBackpressure && s.state === 'writable') s.writer.ready.resolve();
    s.controller.queue.push(CLOSE, 0);
    advance(s.controller);
    return request.promise;
  }

  function measure(c: ControllerState, chunk: unknown): number {
    try {
      return c.size(chunk);
    } catch (error) {
      if (c.stream.state === 'writable') failController(c, error);
      return 1;
    }
  }

  class WritableStreamDefaultController {
    readonly #state: ControllerState;
    static {
      controllerOf = (value) => (value as WritableStreamDefaultController).#state;
    }
    constructor(own?: unknown, make?: (object: object) => ControllerState) {
      if (own !== OWN) throw new TypeError('a stream makes its controller itself');
      this.#state = make!(this);
    }
    error(reason?: unknown): void {
      if (this.#state.stream.state === 'writable') failController(this.#state, reason);
    }
  }

  class WritableStreamDefaultWriter {
    readonly #state: WriterState;
    constructor(given: unknown) {
      const stream = stateOf(given);
      if (stream === null) throw new TypeError('WritableStreamDefaultWriter takes a WritableStream');
      if (stream.writer !== null) throw new TypeError('the stream has a writer already: it is locked');
      const { state, error } = stream;
      const isOver = state === 'errored';
      const ready = state === 'erroring' || isOver ? deferRejected<void>(error) : defer<void>();
      if (state === 'closed' || (state === 'writable' && (isClosing(stream) || !stream.hasBackpressure)))
        ready.resolve();
      const closed = isOver ? deferRejected<void>(error) : defer<void>();
      if (state === 'closed') closed.resolve();
      stream.writer = this.#state = { stream, closed, ready };
    }
    get closed(): Promise<void> {
      return #state in this ? this.#state.closed.promise : parts.refuseOther('a writer of a stream');
    }
    get ready(): Promise<void> {
      return #state in this ? this.#state.ready.promise : parts.refuseOther('a writer of a stream');
    }
    get desiredSize(): number | null {
      const { stream } = this.#state;
      if (stream === null) throw letGo();
      if (stream.state === 'errored' || stream.state === 'erroring') return null;
      return stream.state === 'closed' ? 0 : desiredSizeOf(stream.controller);
    }
    write(chunk?: unknown): Promise<void> {
      if (!(#state in this)) return parts.refuseOther('a writer of a stream');
      const { stream: s } = this.#state;
      if (s === null) return Promise.reject(letGo());
      const c = s.controller;
      const size = measure(c, chunk);
      if (this.#state.stream !== s) return Promise.reject(letGo());
      if (s.state === 'errored' || s.state === 'erroring') return Promise.reject(s.error);
      if (isClosing(s) || s.state === 'closed')
        return Promise.reject(new TypeError('a stream that is closed takes no chunks'));
      const request = defer<void>();
      s.requests.push(request);
      try {
        c.queue.push(chunk, size);
      } catch (error) {
        failController(c, error);
        return request.promise;
      }
      updateBackpressure(s);
      advance(c);
      return request.promise;
    }
    close(): Promise<void> {
      if (!(#state in this)) return parts.refuseOther('a writer of a stream');
      const { stream } = this.#state;
      if (stream === null) return Promise.reject(letGo());
      if (isClosing(stream)) return Promise.reject(new TypeError('the stream is being closed already'));
      return closeStream(stream);
    }
    abort(reason?: unknown): Promise<void> {
      if (!(#state in this)) return parts.refuseOther('a writer of a stream');
      const { stream } = this.#state;
      return stream === null ? Promise.reject(letGo()) : abortStream(stream, reason);
    }
    releaseLock(): void {
      const writer = this.#state;
      const { stream } = writer;
      if (stream === null) return;
      const reason = letGo();
      writer.ready = rejectLate(writer.ready, reason);
      writer.closed = rejectLate(writer.closed, reason);
      stream.writer = null;
      writer.stream = null;
    }
  }

  class WritableStream {
    readonly #state: StreamState;
    static {
      stateOf = (value) => (typeof value === 'object' && value !== null && #state in value ? value.#state : null);
    }
    constructor(underlyingSink?: unknown, strategy?: unknown) {
      const owner = 'the underlying sink';
      if (underlyingSink === null) throw new TypeError(`${owner} must be an object`);
      const sink = parts.objectOr(underlyingSink, owner);
      const queuing = parts.objectOr(strategy, 'a queuing strategy');
      if (sink['type'] !== undefined) throw new RangeError('the type of an underlying sink must be left out');
      const abort = methodOf(sink, 'abort', owner);
      const close = methodOf(sink, 'close', owner);
      const start = methodOf(sink, 'start', owner);
      const write = methodOf(sink, 'write', owner);
      const size = parts.sizeOf(queuing);
      const highWaterMark = parts.highWaterMarkOf(queuing, 1);
      const s = {
        state: 'writable',
        error: undefined,
        writer: null,
        hasBackpressure: false,
        requests: [],
        writing: null,
        closeRequest: null,
        closing: null,
        abort: null,
      } as unknown as StreamState;
      this.#state = s;
      const controller = new WritableStreamDefaultController(OWN, (object) => ({
        stream: s,
        object,
        sink: underlyingSink,
        queue: new parts.Queue(),
        highWaterMark,
        size,
        write,
        close,
        abort,
        isStarted: false,
      }));
      const c = controllerOf(controller);
      s.controller = c;
      updateBackpressure(s);
      const started = start === undefined ? undefined : start.call(underlyingSink, controller);
      Promise.resolve(started).then(
        () => {
          c.isStarted = true;
          advance(c);
        },
        (error) => {
          c.isStarted = true;
          fail(s, error);
        },
      );
    }
    get locked(): boolean {
      return this.#state.writer !== null;
    }
    abort(reason?: unknown): Promise<void> {
      if (!(#state in this)) return parts.refuseOther('a WritableStream');
      if (this.locked) return Promise.reject(new TypeError('a stream that has a writer is aborted by that'));
      return abortStream(this.#state, reason);
    }
    close(): Promise<void> {
      if (!(#state in this)) return parts.refuseOther('a WritableStream');
      if (this.locked) return Promise.reject(new TypeError('a stream that has a writer is closed by that'));
      if (isClosing(this.#state)) return Promise.reject(new TypeError('the stream is being closed already'));
      return closeStream(this.#state);
    }
    getWriter(): WritableStreamDefaultWriter {
      return new WritableStreamDefaultWriter(this);
    }
  }
  return { WritableStream, WritableStreamDefaultWriter };
}
