// Closing what a browser may forget to close: after a navigation that failed Chromium loses a `Target.closeTarget` now and then, and whoever
// waits for its answer waits for ever.
import { WireError } from '../../wire/net/wire-error.ts';

/** How often a browser is asked again, and how long it may take in all, in ms: as long as a navigation may. */
const AGAIN_MS = 1000;
const MOST_MS = 30_000;
/** The browser did not answer in time, as a code of the catalogue. */
const TIMEOUT = 1050;

/** How something of a browser is closed. */
export interface Closing {
  /** As messages name it, such as `page`. */
  readonly what: string;
  /** Settled when it is closed. */
  close(): Promise<void>;
  /** Asks the browser once more. A refusal says nothing: it may be gone by now. */
  again(): Promise<unknown>;
}

/** @throws WireError when the browser has not closed it in time; what `close` throws */
export async function closeInTime(
  { what, close, again }: Closing,
  { againMs, mostMs } = { againMs: AGAIN_MS, mostMs: MOST_MS },
): Promise<void> {
  const closed = close();
  const end = performance.now() + mostMs;
  while (!(await settlesWithin(closed, againMs))) {
    if (performance.now() >= end) {
      closed.catch(() => {});
      throw new WireError(
        TIMEOUT,
        `${what}.close: the browser has not closed the ${what} within ${mostMs / 1000} s; it is ended when the iteration is over. ` +
          'Look for code of the page that runs without end, or a browser that has too little memory or processor time',
      );
    }
    again().catch(() => {});
  }
}

/** @returns whether it did @throws what it was rejected with */
async function settlesWithin(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then(() => true), patience]);
  } finally {
    clearTimeout(timer);
  }
}
