// Whether code of a script is just being broken off: the thread that runs it is held at a statement then, and a process that ended now
// would wait for that thread for ever.

let inProgress: Promise<unknown> | null = null;

/** Keeps the gate shut while `work` lasts. @returns what it returns */
export function whileBreaking<T>(work: Promise<T>): Promise<T> {
  const both = Promise.allSettled([inProgress, work]);
  inProgress = both;
  void both.then(() => {
    if (inProgress === both) inProgress = null;
  });
  return work;
}

/** Runs `then` when no code is being broken off: at once, or a moment later. */
export function afterBreaks(then: () => void): void {
  if (inProgress === null) then();
  else void inProgress.then(() => afterBreaks(then));
}
