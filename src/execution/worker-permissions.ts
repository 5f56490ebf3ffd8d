// What a load worker may do outside of its thread: Node's permission model, which each thread has for itself.
import { enableCompileCache, flushCompileCache, getCompileCacheDir } from 'node:module';
import path from 'node:path';

/**
 * Flags for a load worker's thread: the network, reading files (`open()`, certificates, descriptions of services) and, while it loads our own
 * modules, writing to Node's compile cache. No other writing and no native code; outputs and summaries are the main thread's. Processes
 * and threads are for the bundler alone, which only scripts need that ask for modules by names which running them tells: for all others
 * these rights are dropped with the rest.
 */
export function workerPermissions(): string[] {
  enableCompileCache();
  const cache = getCompileCacheDir();
  return [
    '--permission',
    '--allow-net',
    ...readPermissions(),
    '--allow-inspector',
    '--allow-worker',
    '--allow-child-process',
    // Each set of flags of the engine has a folder of its own in it.
    ...(cache === undefined ? [] : [`--allow-fs-write=${path.dirname(cache)}`]),
    // Else Node says on standard error that the inspector is powerful, and restricting the network new.
    '--disable-warning=PERM0004',
    '--disable-warning=SecurityWarning',
    '--disable-warning=ExperimentalWarning',
  ];
}

/** A process that may not read everything itself gives its threads no more; Node would let them have it. */
function readPermissions(): string[] {
  return process.permission === undefined
    ? ['--allow-fs-read=*']
    : process.execArgv.filter((flag) => flag.startsWith('--allow-fs-read='));
}

/**
 * Within a load worker, before code of the script runs: what has been compiled of ours is kept, and then nothing can be written.
 * @param bundles whether the script may ask for modules that have to be bundled while it runs
 */
export function dropLoadingPermissions(bundles: boolean): void {
  flushCompileCache();
  // Only where the thread has restrictions: tests may run a session in theirs.
  const { permission } = process;
  if (permission === undefined) return;
  permission.drop('fs.write');
  if (bundles) return;
  permission.drop('child');
  permission.drop('worker');
}
