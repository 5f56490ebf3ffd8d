import type { Transform } from 'node:stream';
import { nodeZlib } from '../../node/late-builtins.ts';
import { type BodyBudget, UNCOUNTED } from '../../wire/net/body-budget.ts';
import { WireError } from '../../wire/net/wire-error.ts';

/** Bodies that take no more than this, packed and unpacked, are unpacked at once: that is over before another thread had begun. */
const SYNC_LIMIT = 64 * 1024;
/** Octets that unpacking hands over at a time. */
const PIECE = 64 * 1024;
/** Unpackings that go on at once in a thread; each keeps a window of up to 16 MB. */
const AT_ONCE = 4;

type Coding = 'gzip' | 'deflate' | 'br' | 'zstd';

interface Coder {
  packSync(data: Uint8Array): Buffer;
  unpackSync(data: Uint8Array): Buffer;
  createUnpacker(): Transform;
}

const BOUND = { maxOutputLength: SYNC_LIMIT };
/** The largest window that zstd may use on the web (RFC 9659). */
const zstdWindow = () => ({ params: { [nodeZlib().constants.ZSTD_d_windowLogMax]: 23 } });

const CODERS: Record<Coding, Coder> = {
  gzip: {
    packSync: (data) => nodeZlib().gzipSync(data),
    unpackSync: (data) => nodeZlib().gunzipSync(data, BOUND),
    createUnpacker: () => nodeZlib().createGunzip({ chunkSize: PIECE }),
  },
  deflate: {
    packSync: (data) => nodeZlib().deflateSync(data),
    unpackSync: (data) => nodeZlib().inflateSync(data, BOUND),
    createUnpacker: () => nodeZlib().createInflate({ chunkSize: PIECE }),
  },
  br: {
    packSync: (data) => nodeZlib().brotliCompressSync(data),
    unpackSync: (data) => nodeZlib().brotliDecompressSync(data, BOUND),
    createUnpacker: () => nodeZlib().createBrotliDecompress({ chunkSize: PIECE }),
  },
  zstd: {
    packSync: (data) => nodeZlib().zstdCompressSync(data),
    unpackSync: (data) => nodeZlib().zstdDecompressSync(data, { ...BOUND, ...zstdWindow() }),
    createUnpacker: () => nodeZlib().createZstdDecompress({ chunkSize: PIECE, ...zstdWindow() }),
  },
};

/** More codings than this on one body are no server's honest work: each can multiply a body by a thousand. */
const MOST_CODINGS = 4;

/**
 * The codings of a Content-Encoding or of the `compression` param, in the order they were or will be applied; null when
 * one of them is unknown.
 */
export function readCodings(text: string): Coding[] | null {
  const codings: Coding[] = [];
  for (const part of text.split(',')) {
    const name = part.trim().toLowerCase();
    if (name === '' || name === 'identity') continue;
    const known = name === 'x-gzip' ? 'gzip' : name;
    if (!Object.hasOwn(CODERS, known)) return null;
    codings.push(known as Coding);
  }
  return codings;
}

/** Applies the codings in order. */
export function packBody(body: Uint8Array, codings: readonly Coding[]): Uint8Array {
  return codings.reduce<Uint8Array>((data, coding) => CODERS[coding].packSync(data), body);
}

/** An unpacking that goes on. */
export interface Unpacking {
  /** Gives it up; nothing is called back afterwards. */
  cancel(): void;
}

/**
 * Undoes a Content-Encoding; an unknown one leaves the body as it came. What is small is done when this returns, anything else
 * goes on beside the load, within the budget.
 * @param done told once: the body, or error 1701 when it is not what the header says, or 1702 when it is too large
 * @returns null when `done` has been called
 */
export function unpackBody(
  body: Buffer,
  contentEncoding: string,
  budget: BodyBudget,
  done: (error: WireError | null, body: Buffer | null) => void,
): Unpacking | null {
  const codings = readCodings(contentEncoding)?.reverse();
  if (codings === undefined || codings.length === 0 || body.length === 0) {
    done(null, body);
    return null;
  }
  if (codings.length > MOST_CODINGS) {
    done(decompressionError(new Error(`more than ${MOST_CODINGS} codings`)), null);
    return null;
  }
  const small = body.length <= SYNC_LIMIT ? unpackSmall(body, codings, budget.limit) : null;
  if (small === null) return new LargeUnpacking(body, codings, budget, done);
  if (Buffer.isBuffer(small)) done(null, small);
  else done(small, null);
  return null;
}

/** @returns null when it grows beyond what may be done at once */
function unpackSmall(body: Buffer, codings: readonly Coding[], limit: number): Buffer | WireError | null {
  let data = body;
  try {
    for (const coding of codings) data = CODERS[coding].unpackSync(data);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? null : decompressionError(error);
  }
  return data.length > limit ? null : data;
}

let running = 0;
const waiting = new Set<LargeUnpacking>();

/** One body, piece by piece through a chain of unpackers on libuv's threads. */
class LargeUnpacking implements Unpacking {
  readonly #body: Buffer;
  readonly #codings: readonly Coding[];
  readonly #budget: BodyBudget;
  readonly #done: (error: WireError | null, body: Buffer | null) => void;
  #chain: Transform[] = [];
  readonly #pieces: Buffer[] = [];
  #length = 0;
  #reserved = 0;
  #started = false;
  #over = false;

  constructor(
    body: Buffer,
    codings: readonly Coding[],
    budget: BodyBudget,
    done: (error: WireError | null, body: Buffer | null) => void,
  ) {
    this.#body = body;
    this.#codings = codings;
    this.#budget = budget;
    this.#done = done;
    if (running < AT_ONCE) this.#start();
    else waiting.add(this);
  }

  #start(): void {
    this.#started = true;
    running++;
    this.#chain = this.#codings.map((coding) => CODERS[coding].createUnpacker());
    this.#chain.forEach((unpacker, index) => {
      unpacker.on('error', (error) => this.#finish(decompressionError(error)));
      const next = this.#chain[index + 1];
      if (next !== undefined) unpacker.pipe(next);
    });
    const last = this.#chain.at(-1) as Transform;
    last.on('data', (piece: Buffer) => this.#take(piece));
    last.on('end', () => this.#finish(null));
    this.#chain[0]?.end(this.#body);
  }

  #take(piece: Buffer): void {
    if (this.#over) return;
    this.#length += piece.length;
    if (this.#length > this.#budget.limit) {
      this.#finish(this.#budget.exceeded());
      return;
    }
    while (this.#length > this.#reserved + UNCOUNTED) {
      if (!this.#budget.reserve(UNCOUNTED)) {
        this.#finish(this.#budget.exceeded());
        return;
      }
      this.#reserved += UNCOUNTED;
    }
    this.#pieces.push(piece);
  }

  cancel(): void {
    if (!this.#over) this.#end();
  }

  #finish(error: WireError | null): void {
    if (this.#over) return;
    const body = error === null ? Buffer.concat(this.#pieces, this.#length) : null;
    this.#end();
    this.#done(error, body);
  }

  #end(): void {
    this.#over = true;
    this.#budget.release(this.#reserved);
    this.#pieces.length = 0;
    waiting.delete(this);
    if (!this.#started) return;
    for (const unpacker of this.#chain) unpacker.destroy();
    running--;
    const [next] = waiting;
    if (next === undefined) return;
    waiting.delete(next);
    next.#start();
  }
}

function decompressionError(cause: unknown): WireError {
  return new WireError(1701, `error decompressing response body: ${(cause as Error).message}`, { cause });
}
