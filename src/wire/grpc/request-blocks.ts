import { HeaderBlock } from '../http2/hpack/encoder.ts';
import type { HeaderField } from '../http2/hpack/header-field.ts';
import { copyMetadata, type Metadata, sameMetadata, toHeaderFields } from './metadata.ts';
import { formatTimeout } from './timeout-header.ts';

interface Kept {
  timeoutMs: number | null;
  metadata: Metadata;
  block: HeaderBlock;
}

/** Methods whose last request head is kept. */
const MAX_METHODS = 1000;

/** The heads of a channel's requests. Calls of one method mostly share theirs, and so its encoded form. */
export class RequestBlocks {
  readonly #scheme: string;
  readonly #authority: string;
  readonly #userAgent: string;
  readonly #kept = new Map<string, Kept>();

  constructor(scheme: string, authority: string, userAgent: string) {
    this.#scheme = scheme;
    this.#authority = authority;
    this.#userAgent = userAgent;
  }

  /** @throws MetadataError */
  find(path: string, metadata: Metadata, timeoutMs: number | null): HeaderBlock {
    const kept = this.#kept.get(path);
    if (kept !== undefined && kept.timeoutMs === timeoutMs && sameMetadata(kept.metadata, metadata)) return kept.block;
    const block = new HeaderBlock(this.#fields(path, metadata, timeoutMs));
    if (kept !== undefined || this.#kept.size < MAX_METHODS)
      this.#kept.set(path, { timeoutMs, metadata: copyMetadata(metadata), block });
    return block;
  }

  #fields(path: string, metadata: Metadata, timeoutMs: number | null): HeaderField[] {
    const fields: HeaderField[] = [
      { name: ':method', value: 'POST' },
      { name: ':scheme', value: this.#scheme },
      { name: ':path', value: path },
      { name: ':authority', value: this.#authority },
      { name: 'content-type', value: 'application/grpc' },
      { name: 'user-agent', value: this.#userAgent },
      { name: 'te', value: 'trailers' },
    ];
    // The configured value, not what is left of it: so the block stays the same from call to call.
    if (timeoutMs !== null) fields.push({ name: 'grpc-timeout', value: formatTimeout(timeoutMs) });
    fields.push({ name: 'grpc-accept-encoding', value: 'gzip' });
    return fields.concat(toHeaderFields(metadata));
  }
}
