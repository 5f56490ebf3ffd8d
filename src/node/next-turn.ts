/**
 * Calls `run` in the next turn of the event loop, as `setImmediate` does, but not within the immediate itself. What `run` wakes may be
 * code of a script, which is ended in the middle where it does not give back control; an immediate that is ended so leaves Node's list
 * of them broken, and none of this thread would ever be called again.
 */
export function inNextTurn(run: () => void): NodeJS.Immediate {
  return setImmediate(queueMicrotask, run);
}
