/** Resolves when this turn of the event loop has ended, and all that its end brings about has happened. */
export const turnsEnd = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
