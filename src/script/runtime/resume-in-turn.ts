// Virtual users whose wait has ended in this turn of the event loop go on at its end, together: until then all that has come is read, so that
// what one script does delays neither what the others are sent nor when that is said to have come.
import { beforeTurnEnds } from '../../node/turn-end.ts';
import type { JobEnd } from './protocol-host.ts';

const NOBODY: readonly JobEnd[] = [];
const NOTHING: readonly unknown[] = [];

let waiters: JobEnd[] = [];
let values: unknown[] = [];

/** Those whose turn it is, and which of them is next; nobody when all have had theirs, so that nothing is kept of what they were told. */
let due = NOBODY;
let dueValues = NOTHING;
let next = 0;

/** Tells the waiter at the end of this turn of the event loop what it has waited for. */
export function resumeInTurn(waiter: JobEnd, value: unknown): void {
  waiters.push(waiter);
  values.push(value);
  beforeTurnEnds(resumeAll, waiters.length);
}

function resumeAll(): void {
  resumeRest();
  due = waiters;
  dueValues = values;
  waiters = [];
  values = [];
  next = 0;
  resumeRest();
}

function resumeRest(): void {
  while (next < due.length) {
    const at = next++;
    due[at]!.done(dueValues[at]);
  }
  due = NOBODY;
  dueValues = NOTHING;
}

/** To be called when code was ended in the middle: what was to tell them may be lost with it. */
export function recoverResumptions(): void {
  if (next < due.length || waiters.length > 0) process.nextTick(resumeAll);
}
