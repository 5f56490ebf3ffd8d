/** A header block that cannot be decoded: the tables of the two sides differ from here on (COMPRESSION_ERROR). */
export class HpackError extends Error {
  override readonly name = 'HpackError';
}
