// What handleSummary returns: texts and bytes by where they go.
import { types } from 'node:util';

/** Text or bytes by destination: `stdout`, `stderr` or a path. */
export type SummaryFiles = Readonly<Record<string, string | Uint8Array>>;

/**
 * @param returned by the script's handleSummary
 * @returns null when it returned nothing: the usual summary is wanted
 * @throws Error where a value is neither text nor bytes
 */
export function readSummaryFiles(returned: unknown): SummaryFiles | null {
  if (returned === undefined || returned === null) return null;
  if (typeof returned !== 'object' || Array.isArray(returned)) {
    throw new Error(`handleSummary() must return an object of texts by destination, not ${typeof returned}`);
  }
  const files: Record<string, string | Uint8Array> = {};
  for (const [destination, content] of Object.entries(returned)) {
    if (typeof content === 'string') files[destination] = content;
    else if (ArrayBuffer.isView(content)) {
      files[destination] = new Uint8Array(content.buffer, content.byteOffset, content.byteLength).slice();
    } else if (types.isAnyArrayBuffer(content)) {
      files[destination] = new Uint8Array(content).slice();
    } else {
      throw new Error(
        `handleSummary() returned ${typeof content} for "${destination}"; text or an ArrayBuffer is expected`,
      );
    }
  }
  return files;
}
