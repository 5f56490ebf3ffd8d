// Ends script code that does not give back control, from another thread, and lets the thread that ran it go on.
import { Session } from 'node:inspector';

/** Where the code was, innermost first; lines and columns are 1-based. */
export interface CodePlace {
  readonly functionName: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The name, in a load worker's own realm, of the function that is told of a break before the code ends. */
export const BREAK_HOOK = 'sixfold.break';

/** How code of scripts is named. */
const SCRIPT_FILE = /^sixfold:(?:script|packages)/;
/** How long a thread that hears may take to stop at a statement, in ms: within a regular expression there is none. */
const PAUSE_MS = 3000;
/** How long all of it may take, in ms, on a machine that is busy with other things. */
const LONGEST_MS = 20_000;

interface PausedFrame {
  readonly functionName: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number };
}

/** What this uses of the inspector's protocol, as a worker answers. */
type FromThread =
  | { readonly method: 'Debugger.scriptParsed'; readonly params: { readonly scriptId: string; readonly url: string } }
  | { readonly method: 'Debugger.paused'; readonly params: { readonly callFrames: readonly PausedFrame[] } }
  | { readonly method?: undefined; readonly id: number };

/**
 * Breaks what a load worker is running, if that is code of a script: the code is stopped where it is, the worker's hook hears where that
 * was, then the code ends, as if the engine ran out of patience – no `catch` and no `finally` runs. Only while this lasts is the thread
 * under the inspector, so nothing is paid before.
 * @param name of the worker
 * @returns whether code was ended
 */
export async function breakScript(name: string): Promise<boolean> {
  const session = new Session();
  session.connect();
  let letGo = (): void => {};
  try {
    return await new Promise<boolean>((resolve) => {
      session.on('NodeWorker.attachedToWorker', ({ params }) => {
        if (!params.workerInfo.title.includes(name)) return;
        letGo = breakThread(session, params.sessionId, resolve);
      });
      session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, (error) => {
        if (error !== null) resolve(false);
      });
      setTimeout(resolve, LONGEST_MS, false).unref();
    });
  } finally {
    letGo();
    session.disconnect();
  }
}

/** @returns lets go of the thread: nothing is said to it any more */
function breakThread(session: Session, sessionId: string, done: (broken: boolean) => void): () => void {
  let calls = 0;
  let isOver = false;
  const answers = new Map<number, () => void>();
  const files = new Map<string, string>();
  const send = (method: string, params: object = {}, answered?: () => void): void => {
    if (isOver) return;
    const id = ++calls;
    if (answered) answers.set(id, answered);
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method, params }) });
  };
  const leave = (broken: boolean): void => {
    send('Debugger.disable', {}, () => done(broken));
  };
  // Once: a second end, when the thread stops late, would hit what has nothing to do with it.
  let isDecided = false;
  const end = (places: readonly CodePlace[]): void => {
    isDecided = true;
    const expression = `globalThis[Symbol.for(${JSON.stringify(BREAK_HOOK)})](${JSON.stringify(places)})`;
    // One after the other: an end that comes while the thread is paused, or evaluates, is taken for the end of that.
    send('Runtime.evaluate', { expression }, () =>
      send('Debugger.resume', {}, () => send('Runtime.terminateExecution', {}, () => leave(true))),
    );
  };
  let unpaused: NodeJS.Timeout | undefined;
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    if (params.sessionId !== sessionId) return;
    const message = JSON.parse(params.message) as FromThread;
    if (message.method === undefined) {
      answers.get(message.id)?.();
      return;
    }
    if (message.method === 'Debugger.scriptParsed') files.set(message.params.scriptId, message.params.url);
    if (message.method !== 'Debugger.paused' || isDecided) return;
    clearTimeout(unpaused);
    const places = message.params.callFrames.map((frame) => toPlace(frame, files));
    if (places.some(({ file }) => SCRIPT_FILE.test(file))) end(places);
    else {
      // Busy with work of ours: that comes to an end.
      isDecided = true;
      send('Debugger.resume');
      leave(false);
    }
  });
  // Counted from when the thread hears: until then the machine may have had no time for it.
  send('Debugger.enable', {}, () => {
    unpaused = setTimeout(end, PAUSE_MS, []);
  });
  send('Debugger.pause');
  return () => {
    isOver = true;
    clearTimeout(unpaused);
  };
}

function toPlace({ functionName, location }: PausedFrame, files: ReadonlyMap<string, string>): CodePlace {
  return {
    functionName,
    file: files.get(location.scriptId) ?? '',
    line: location.lineNumber + 1,
    column: (location.columnNumber ?? 0) + 1,
  };
}
