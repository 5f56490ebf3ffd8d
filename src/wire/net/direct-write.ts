// Writing to a socket's handle past Node's stream layer, which costs a request more than our own HTTP does.
import type { Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';

/** What a write becomes that the system has not taken at once. */
interface PendingWrite {
  handle?: unknown;
  /** Kept until the write is done. */
  buffer?: unknown;
  /** How it ended, if it did so within the call. */
  writeStatus?: number | null;
  oncomplete?: (status: number) => void;
}

/** A socket's handle, as Node 26.10 uses it: null asks for a request object only where the write has to wait. */
interface StreamHandle {
  writeLatin1String(request: unknown, text: string): number | PendingWrite;
  writeBuffer(request: unknown, bytes: Uint8Array): number | PendingWrite;
}

/** Whether the handles of this Node take null; not known before it has written something itself. */
let takesNull: boolean | null = null;

/** Looks over Node's shoulder at its next write to this socket: versions differ, and the wrong argument ends the process. */
export function watchFirstWrite(socket: Socket): void {
  const handle = handleOf(socket);
  if (takesNull !== null || typeof handle?.writeLatin1String !== 'function') return;
  const { writeLatin1String, writeBuffer } = handle;
  const see = (request: unknown): void => {
    takesNull = request === null;
    // What is left are the prototype's own.
    Reflect.deleteProperty(handle, 'writeLatin1String');
    Reflect.deleteProperty(handle, 'writeBuffer');
  };
  handle.writeLatin1String = (request, text) => {
    see(request);
    return writeLatin1String.call(handle, request, text);
  };
  handle.writeBuffer = (request, bytes) => {
    see(request);
    return writeBuffer.call(handle, request, bytes);
  };
}

function handleOf(socket: Socket): StreamHandle | null {
  return (socket as unknown as { _handle?: StreamHandle | null })._handle ?? null;
}

/** What came of a write: `taken` whole by the system, `waiting` for it, or `refused`: it has to go through the stream. */
export type WriteOutcome = 'taken' | 'waiting' | 'refused';

/** Told when a write that was `waiting` is over; where it failed, the socket has ended already. */
export interface WriteWaiter {
  onWritten(): void;
}

/**
 * Writes bytes, or a text whose characters are bytes, unless something waits in the stream itself.
 * @param data not to be changed while it is `waiting`
 */
export function writeDirectly(socket: Socket, data: string | Uint8Array, waiter: WriteWaiter): WriteOutcome {
  const result = beginWrite(socket, data);
  return typeof result === 'string' ? result : keepWriting(socket, result, data, waiter);
}

/** A write over TLS that the system has taken, and that Node will only call finished later in this turn of the event loop, or in the next. */
export type Formality = object;

/**
 * As {@link writeDirectly}, over TLS. To be told of the end of each write would cost more than encrypting it, and nearly all have ended
 * when the next one comes: who then wants to know asks {@link awaitWrite}.
 * @param data may be changed unless it is `waiting`: it has been encrypted
 * @param raw the handle below TLS
 */
export function writeSecurely(
  socket: Socket,
  data: string | Uint8Array,
  raw: { readonly writeQueueSize: number },
  waiter: WriteWaiter,
): WriteOutcome | Formality {
  const result = beginWrite(socket, data);
  if (typeof result === 'string') return result;
  if (result.writeStatus === null && raw.writeQueueSize === 0) return result;
  return keepWriting(socket, result, data, waiter);
}

/** @returns what came of it at once, or the write, which may have ended within the call all the same */
function beginWrite(socket: Socket, data: string | Uint8Array): 'taken' | 'refused' | PendingWrite {
  const handle = takesNull === true ? handleOf(socket) : null;
  if (handle === null || socket.connecting || socket.writableLength > 0 || socket.writableEnded) return 'refused';
  const result = typeof data === 'string' ? handle.writeLatin1String(null, data) : handle.writeBuffer(null, data);
  if (typeof result !== 'number') return result;
  if (result !== 0) socket.destroy(writeError(result));
  return 'taken';
}

/** Keeps alive what the system reads from until the write is over. */
function keepWriting(
  socket: Socket,
  write: PendingWrite,
  data: string | Uint8Array,
  waiter: WriteWaiter,
): WriteOutcome {
  write.handle = handleOf(socket);
  write.buffer = data;
  return awaitWrite(socket, write, waiter) ? 'waiting' : 'taken';
}

/** @returns whether the waiter will be told; false: the write is over already */
export function awaitWrite(socket: Socket, write: Formality, waiter: WriteWaiter): boolean {
  const pending = write as PendingWrite;
  const { writeStatus } = pending;
  if (typeof writeStatus === 'number') {
    pending.writeStatus = null;
    settle(socket, writeStatus);
    return false;
  }
  pending.oncomplete = (status) => {
    settle(socket, status);
    waiter.onWritten();
  };
  return true;
}

function settle(socket: Socket, status: number): void {
  if (status < 0) socket.destroy(writeError(status));
}

/** As Node says it. @param errno of the system, negative */
function writeError(errno: number): Error {
  const code = getSystemErrorName(errno);
  return Object.assign(new Error(`write ${code}`), { errno, code, syscall: 'write' });
}
