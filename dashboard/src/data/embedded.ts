// The run inside the file: length of the JSON, the JSON, the block; deflated, as base64.
import { decodeBlock } from '../../../src/metrics/timeline/timeline-block.ts';
import type { RunRecord } from '../../../src/report/run-record.ts';
import type { RunView } from './model.ts';

/** @returns the bytes of the run in this file; null: there is none, a server has it */
export function findEmbedded(): Uint8Array<ArrayBuffer> | null {
  const text = document.getElementById('run')?.textContent ?? '';
  return text === '' ? null : unpackBase64(text);
}

export function unpackBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

export async function unpackRun(packed: Uint8Array<ArrayBuffer>, isLive: boolean): Promise<RunView> {
  const bytes = await inflate(packed);
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const record = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as RunRecord;
  return { record, data: decodeBlock(bytes.subarray(4 + length)), isLive };
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
