// What is sent in one turn of the event loop leaves at its end, together: first all that has come is read, then all requests that it
// brought about are written. A server that sleeps is woken once for all of them, not once for each, which is the dearest part of a
// write over loopback or a fast network; and what came is read before the time that writing takes.
import { performance } from 'node:perf_hooks';
import { whenTurnEnds } from '../../node/turn-end.ts';

/** Something that gathers output and sends it in one write. */
export interface Flushable {
  flush(): void;
}

/** Nobody. Mostly there is one at a time: a list made for it costs less than emptying one, which the engine does out of line. */
const NOBODY: readonly Flushable[] = [];

/** Where many users have something to send in one turn, or one of them computes, the first does not wait longer than this for the rest. */
const LONGEST_WAIT_MS = 1;

let waiting: Flushable[] | null = null;
/** When the first of them came, by `performance.now()`. */
let since = 0;

/** Those whose turn it is; nobody when all have had theirs. */
let due: readonly Flushable[] = NOBODY;
/** Whose turn it is among them. */
let turn = 0;

function flushAll(): void {
  if (due.length > 0) resumeTurns();
  due = waiting ?? NOBODY;
  waiting = null;
  let isWhole = false;
  try {
    for (turn = 0; turn < due.length; turn++) due[turn]!.flush();
    isWhole = true;
  } finally {
    // One has thrown: those behind it must not wait until somebody else has something to send, which may be never.
    if (!isWhole) whenTurnEnds(flushAll);
  }
  due = NOBODY;
}

/** A round ended in the middle: those behind go first in the next. */
function resumeTurns(): void {
  waiting = [...due.slice(turn + 1), ...(waiting ?? NOBODY)];
  due = NOBODY;
}

/**
 * Flushes what is still to be flushed, after the engine has ended code in the middle: the round that was to do it, or the rest of one, may
 * be lost, and nothing would ever be sent again.
 */
export function flushLeftovers(): void {
  resumeTurns();
  flushAll();
}

/**
 * Flushes at the end of this turn of the event loop. The caller sees to it that it is not in the list twice.
 * @param now what the clock said just now (`performance.now()`), if the caller has asked it
 */
export function scheduleFlush(target: Flushable, now: number = performance.now()): void {
  if (waiting === null) {
    waiting = [target];
    since = now;
    whenTurnEnds(flushAll);
  } else {
    waiting.push(target);
    if (now - since > LONGEST_WAIT_MS) {
      // Once for those who wait by now: who comes before it has run starts a time of its own.
      since = Number.POSITIVE_INFINITY;
      process.nextTick(flushAll);
    }
  }
}
