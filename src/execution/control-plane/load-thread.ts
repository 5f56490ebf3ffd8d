// The threads that load workers are. One can be started ahead, before it is known what the test is: a thread needs as long for its own
// start as the program for reading the command line and compiling the script, and does so beside it.
import { Worker } from 'node:worker_threads';
import { workerPermissions } from '../worker-permissions.ts';

export interface LoadThread {
  readonly worker: Worker;
  /** The thread's name, by which a debugger finds it: no other thread of the process ever has it. */
  readonly name: string;
}

let ahead: LoadThread | null = null;
/** How many were started: several runs of one process have threads at the same position. */
let started = 0;

/** Starts the thread of the first load worker; it waits, and keeps nobody from ending. */
export function startLoadThreadAhead(): void {
  const thread = startLoadThread(0);
  ahead = thread;
  thread.worker.unref();
  // What ended by itself is started again by whoever needs it, and then tells why.
  const forget = (): void => {
    if (ahead === thread) ahead = null;
  };
  thread.worker.once('error', forget).once('exit', forget);
}

/**
 * @param index position of the worker among all of them
 * @returns a thread that has been told nothing yet: the first thing it waits for is `begin` (thread-protocol.ts)
 */
export function takeLoadThread(index: number): LoadThread {
  if (index !== 0 || ahead === null) return handOnOutput(startLoadThread(index));
  const thread = ahead;
  ahead = null;
  thread.worker.removeAllListeners();
  thread.worker.ref();
  return handOnOutput(thread);
}

/** What a thread writes, such as warnings of Node's, is this process's own output. */
function handOnOutput(thread: LoadThread): LoadThread {
  const { stdout, stderr } = thread.worker;
  stdout.on('data', (bytes: Uint8Array) => process.stdout.write(bytes));
  stderr.on('data', (bytes: Uint8Array) => process.stderr.write(bytes));
  return thread;
}

function startLoadThread(index: number): LoadThread {
  const name = `load-worker-${index + 1}-${++started}.`;
  const worker = new Worker(new URL('../load-plane/load-worker.ts', import.meta.url), {
    // Scripts may recurse; a compiled call takes more of the stack than a plain one.
    // A larger young generation saves work where few virtual users are fast, and costs memory where many wait: 12 MB gives
    // nearly all of the one for little of the other.
    resourceLimits: { stackSizeMb: 16, maxYoungGenerationSizeMb: 12 },
    name,
    execArgv: workerFlags(),
    // Else Node makes this process's own streams before it starts the thread, which takes it 5 ms (see handOnOutput).
    stdout: true,
    stderr: true,
  });
  return { worker, name };
}

const PROFILER = /^--(?:cpu|heap)-prof\b/;

/**
 * Flags of Node for load workers. Of those that the program itself was started with only the profilers' are a thread's own: most others
 * hold for the whole process, and a worker refuses them.
 */
function workerFlags(): string[] {
  // A value may stand in a word of its own: `--cpu-prof-dir profiles`.
  const profiling = process.execArgv.filter((word, at, words) =>
    PROFILER.test(word.startsWith('-') ? word : (words[at - 1] ?? '')),
  );
  // Code that is broken off leaves Node's own bookkeeping of asynchronous calls unbalanced, which it would end the process for.
  return [...profiling, ...workerPermissions(), '--no-force-async-hooks-checks'];
}
