/**
 * Makes room in a buffer that is filled from its beginning, by doubling it: what a peer announces is not made room for before it comes.
 * @param filled octets of it that count
 * @param needed octets that there has to be room for
 * @param most octets that there can ever be
 * @returns the buffer itself where it is large enough, else a larger one with the same beginning
 */
export function growBuffer(bytes: Buffer, filled: number, needed: number, most: number): Buffer {
  if (needed <= bytes.length) return bytes;
  const larger = Buffer.allocUnsafe(Math.min(most, Math.max(needed, bytes.length * 2)));
  bytes.copy(larger, 0, 0, filled);
  return larger;
}
