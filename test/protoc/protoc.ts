// protoc, the compiler that ours is held against.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Google's public API definitions. */
export const APIS = path.join(import.meta.dirname, 'node_modules/google-proto-files');

/** A machine without protoc or the definitions may skip; where CI is set they have to be there. */
export const skipWithoutProtoc = process.env['CI'] ? false : whatIsMissing();

function whatIsMissing(): string | false {
  if (spawnSync('protoc', ['--version']).status !== 0) return 'no protoc on this machine';
  return existsSync(APIS) ? false : 'not installed: npm ci --prefix test/protoc';
}

export interface ProtocResult {
  /** A FileDescriptorSet with all imports; null where a file was refused. */
  readonly descriptorSet: Uint8Array | null;
  /** The first error as protoc puts it: `file:line:column: text`. */
  readonly error: string;
}

/** @param files relative to one of the folders */
export function runProtoc(folders: readonly string[], files: readonly string[]): ProtocResult {
  const scratch = mkdtempSync(path.join(tmpdir(), 'sixfold-protoc-'));
  const output = path.join(scratch, 'set');
  try {
    const { status, stderr } = spawnSync(
      'protoc',
      [...folders.map((folder) => `-I${folder}`), '--include_imports', `--descriptor_set_out=${output}`, ...files],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    const error = stderr.split('\n').find((line) => line !== '' && !/warning/i.test(line)) ?? '';
    return { descriptorSet: status === 0 && existsSync(output) ? readFileSync(output) : null, error };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
