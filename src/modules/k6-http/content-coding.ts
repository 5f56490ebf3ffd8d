import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { WireError } from '../../wire/net/wire-error.ts';

/** Bodies below this are packed and unpacked at once; larger ones on another thread, lest they hold up the other users. */
const SYNC_LIMIT = 128 * 1024;

type Coding = 'gzip' | 'deflate' | 'br' | 'zstd';

interface Coder {
  packSync(data: Uint8Array): Buffer;
  unpackSync(data: Uint8Array): Buffer;
  unpack(data: Uint8Array): Promise<Buffer>;
}

const CODERS: Record<Coding, Coder> = {
  gzip: { packSync: zlib.gzipSync, unpackSync: zlib.gunzipSync, unpack: promisify<Uint8Array, Buffer>(zlib.gunzip) },
  deflate: {
    packSync: zlib.deflateSync,
    unpackSync: zlib.inflateSync,
    unpack: promisify<Uint8Array, Buffer>(zlib.inflate),
  },
  br: {
    packSync: zlib.brotliCompressSync,
    unpackSync: zlib.brotliDecompressSync,
    unpack: promisify<Uint8Array, Buffer>(zlib.brotliDecompress),
  },
  zstd: {
    packSync: zlib.zstdCompressSync,
    unpackSync: zlib.zstdDecompressSync,
    unpack: promisify<Uint8Array, Buffer>(zlib.zstdDecompress),
  },
};

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
    if (!(known in CODERS)) return null;
    codings.push(known as Coding);
  }
  return codings;
}

/** Applies the codings in order. */
export function packBody(body: Uint8Array, codings: readonly Coding[]): Uint8Array {
  return codings.reduce<Uint8Array>((data, coding) => CODERS[coding].packSync(data), body);
}

/**
 * Undoes a Content-Encoding; an unknown one leaves the body as it came. A promise only for large bodies.
 * @throws WireError 1701 when the body is not what the header says
 */
export function unpackBody(body: Buffer, contentEncoding: string): Buffer | Promise<Buffer> {
  const codings = readCodings(contentEncoding)?.reverse();
  if (codings === undefined || codings.length === 0 || body.length === 0) return body;
  if (body.length > SYNC_LIMIT) return unpackLarge(body, codings);
  let data = body;
  try {
    for (const coding of codings) data = CODERS[coding].unpackSync(data);
  } catch (error) {
    throw decompressionError(error);
  }
  return data;
}

async function unpackLarge(body: Buffer, codings: readonly Coding[]): Promise<Buffer> {
  let data = body;
  try {
    for (const coding of codings) data = await CODERS[coding].unpack(data);
  } catch (error) {
    throw decompressionError(error);
  }
  return data;
}

function decompressionError(cause: unknown): WireError {
  return new WireError(1701, `error decompressing response body: ${(cause as Error).message}`, { cause });
}
