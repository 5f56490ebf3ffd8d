// Reads a run back from its bytes: those that reports hold, the history keeps and exported files are.
import { decodeBlock } from '../metrics/timeline/timeline-block.ts';
import { nodeZlib } from '../node/late-builtins.ts';
import type { KeptRun } from './compare-records.ts';
import { findRecordFault } from './record-fault.ts';
import { RECORD_FORMAT, type RunRecord } from './run-record.ts';

/** A file that inflates to more is no run of ours. */
const MOST_BYTES = 512 * 1024 * 1024;
/** How exported files begin. */
const MAGIC = Buffer.from('sixfold-run 1\n');

/** @param run as `deflateRun` gives it @returns the content of a file */
export function toRunFile(run: Uint8Array): Buffer {
  return Buffer.concat([MAGIC, run]);
}

/**
 * @param file the content of an exported file or of a report
 * @returns the run in it, as `deflateRun` gave it
 * @throws Error for what is neither
 */
export function findRun(file: Buffer): Buffer {
  if (file.subarray(0, MAGIC.length).equals(MAGIC)) return file.subarray(MAGIC.length);
  const report = /<script type="text\/plain" id="run">([\w+/=]+)<\/script>/.exec(file.toString('latin1'));
  if (report !== null) return Buffer.from(report[1], 'base64');
  throw new Error('it is neither a report nor a file of "sixfold runs export"');
}

/**
 * @param run as `deflateRun` gives it
 * @throws Error for bytes that are no run, or one of a later version
 */
export function unpackRun(run: Uint8Array): KeptRun {
  const { record, block } = takeApart(run);
  const data = decodeBlock(block);
  if (data.rows.length !== record.timeline.rows.length) throw new Error('it is no run: its parts do not fit together');
  return { record, data };
}

/** @returns the record alone @throws Error as {@link unpackRun} */
export function readRecord(run: Uint8Array): RunRecord {
  return takeApart(run).record;
}

function takeApart(run: Uint8Array): { readonly record: RunRecord; readonly block: Buffer } {
  const bytes = inflate(run);
  const length = bytes.length < 4 ? -1 : bytes.readUInt32LE(0);
  if (length < 2 || 4 + length > bytes.length) throw new Error('it is no run: it ends too early');
  const record = parseRecord(bytes.toString('utf8', 4, 4 + length));
  const { format } = (record ?? {}) as { format?: unknown };
  if (typeof format !== 'number') throw new Error('it is no run: it has no format');
  if (format > RECORD_FORMAT)
    throw new Error(`a later version of Sixfold made it (format ${format}; this one reads ${RECORD_FORMAT})`);
  const fault = findRecordFault(record);
  if (fault !== null) throw new Error(`it is no run: its record is not whole: ${fault}`);
  return { record: record as RunRecord, block: bytes.subarray(4 + length) };
}

function parseRecord(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is no run: its record is no JSON');
  }
}

function inflate(run: Uint8Array): Buffer {
  try {
    return nodeZlib().inflateRawSync(run, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw new Error(`it is no run: ${(error as Error).message}`, { cause: error });
  }
}
