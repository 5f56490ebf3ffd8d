/** Something that gathers output and sends it in one write. */
export interface Flushable {
  flush(): void;
}

let soon: Flushable[] = [];
let spare: Flushable[] = [];
let late: Flushable[] = [];

function flushSoon(): void {
  const due = soon;
  soon = spare;
  for (let at = 0; at < due.length; at++) due[at]!.flush();
  due.length = 0;
  spare = due;
}

function flushLate(): void {
  const due = late;
  late = [];
  for (const each of due) each.flush();
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
  if (late.push(target) === 1) setImmediate(flushLate);
}
