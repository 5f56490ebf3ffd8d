import { inNextTurn } from '../net/next-turn.ts';

/** Something that gathers output and sends it in one write. */
export interface Flushable {
  flush(): void;
}

/** Nobody. Mostly there is one at a time: a list made for it costs less than emptying one, which the engine does out of line. */
const NOBODY: readonly Flushable[] = [];

let soon: Flushable[] | null = null;
let late: Flushable[] = [];

/** Those whose turn it is; nobody when all have had theirs. */
let due: readonly Flushable[] = NOBODY;
/** Whose turn it is among them. */
let turn = 0;

function flushSoon(): void {
  if (due.length > 0) resumeTurns();
  due = soon ?? NOBODY;
  soon = null;
  for (turn = 0; turn < due.length; turn++) due[turn]!.flush();
  due = NOBODY;
}

/** A round ended in the middle: those behind go first in the next. */
function resumeTurns(): void {
  soon = [...due.slice(turn + 1), ...(soon ?? NOBODY)];
  due = NOBODY;
}

/**
 * Flushes what is still to be flushed, after the engine has ended code in the middle: the tick that was to do it, or the rest of one, may
 * be lost, and nothing would ever be sent again.
 */
export function flushLeftovers(): void {
  resumeTurns();
  const left = new Set([...(soon ?? NOBODY), ...late]);
  soon = null;
  late = [];
  for (const each of left) each.flush();
}

function flushLate(): void {
  const list = late;
  late = [];
  for (const each of list) each.flush();
}

/**
 * Flushes behind the microtasks of this turn, so that everything which one read woke shares one write. The caller sees to
 * it that it is not in the list twice.
 */
export function scheduleFlush(target: Flushable): void {
  if (soon !== null) {
    soon.push(target);
    return;
  }
  soon = [target];
  process.nextTick(flushSoon);
}

/** Flushes what can wait (acknowledgements) at the end of this turn of the event loop. */
export function scheduleLateFlush(target: Flushable): void {
  if (late.push(target) === 1) inNextTurn(flushLate);
}
