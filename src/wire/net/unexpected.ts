import { WireError } from './wire-error.ts';

/** What a thrown value says of itself; whatever it is, asking it does no harm. */
function describe(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  } catch {
    return 'a value that cannot be shown';
  }
}

/**
 * What becomes of an exception in code that an event (data, a timer, a message) has called: nobody is left to catch it, and it
 * must not end a test. The failure of the one request that it belongs to, with a code of its own; its stack is in `cause`.
 */
export function unexpectedFailure(thrown: unknown): WireError {
  if (thrown instanceof WireError) return thrown;
  const text = describe(thrown).slice(0, 500);
  return new WireError(1001, `internal error: ${text}`, {
    cause: thrown,
    kind: `internal error: ${text.replace(/\d{2,}/g, '…').slice(0, 120)}`,
  });
}

/** Where exceptions go that belong to no request. */
let report: (failure: WireError) => void = (failure) => {
  throw failure.cause;
};

/** Sets who is told of exceptions that belong to no request; until then they are thrown on. */
export function onStrayFailure(listener: (failure: WireError) => void): void {
  report = listener;
}

/** Tells of an exception that belongs to no request, or to one that has ended already. */
export function reportStrayFailure(thrown: unknown): void {
  report(unexpectedFailure(thrown));
}
