// What a load worker may do outside of its thread: Node's permission model, which each thread has for itself.
import { enableCompileCache, flushCompileCache, getCompileCacheDir } from 'node:module';
import path from 'node:path';

/**
 * Flags for a load worker's thread: the network, reading files (`open()`, certificates, descriptions of services) and, while it loads our own
 * modules, writing to Node's compile cache. No other writing, no processes, threads, native code or inspector; outputs and summaries are
 * the main thread's.
 */
export function workerPermissions(): string[] {
  enableCompileCache();
  const cache = getCompileCacheDir();
  return [
    '--permission',
    '--allow-net',
    '--allow-fs-read=*',
    '--allow-inspector',
    // Each set of flags of the engine has a folder of its own in it.
    ...(cache === undefined ? [] : [`--allow-fs-write=${path.dirname(cache)}`]),
    // Else Node says on standard error that the inspector is powerful, and restricting the network new.
    '--disable-warning=PERM0004',
    '--disable-warning=ExperimentalWarning',
  ];
}

/** Within a load worker, before code of the script runs: what has been compiled of ours is kept, and then nothing can be written. */
export function dropLoadingPermissions(): void {
  flushCompileCache();
  // Only where the thread has restrictions: tests may run a session in theirs.
  if (process.permission !== undefined) process.permission.drop('fs.write');
}
