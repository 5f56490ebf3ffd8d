import { inNextTurn } from '../net/next-turn.ts';

/** Something that gathers output and sends it in one write. */
export interface Flushable {
  flush(): void;
}

let soon: Flushable[] = [];
let spare: Flushable[] = [];
let late: Flushable[] = [];

/** Those whose turn it is; empty when all have had theirs. */
let due: Flushable[] = [];
/** Whose turn it is among them. */
let turn = 0;

function flushSoon(): void {
  if (due.length > 0) resumeTurns();
  due = soon;
  soon = spare;
  for (turn = 0; turn < due.length; turn++) due[turn]!.flush();
  due.length = 0;
  spare = due;
}

/** A round ended in the middle: those behind go first in the next. */
function resumeTurns(): void {
  soon = [...due.slice(turn + 1), ...soon];
  due = [];
  spare = [];
}

/**
 * Flushes what is still to be flushed, after the engine has ended code in the middle: the tick that was to do it, or the rest of one, may
 * be lost, and nothing would ever be sent again.
 */
export function flushLeftovers(): void {
  resumeTurns();
  const left = new Set([...soon, ...late]);
  soon = [];
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
  if (soon.push(target) === 1) process.nextTick(flushSoon);
}

/** Flushes what can wait (acknowledgements) at the end of this turn of the event loop. */
export function scheduleLateFlush(target: Flushable): void {
  if (late.push(target) === 1) inNextTurn(flushLate);
}
