/** One request of a batch, ready to start. */
export interface BatchItem {
  /** What `batchPerHost` counts by. */
  host: string;
  /** Starts it; calls back when it is done. */
  start(done: () => void): void;
}

/**
 * Runs the requests of a batch in order, as many at once as the limits allow; those of a host that is at its limit wait
 * without holding up the others.
 */
export function runBatch(
  items: readonly BatchItem[],
  limits: { total: number; perHost: number },
  done: () => void,
): void {
  const waiting = [...items];
  const perHost = new Map<string, number>();
  let active = 0;
  let left = items.length;
  const total = limits.total > 0 ? limits.total : Number.POSITIVE_INFINITY;
  const hostLimit = limits.perHost > 0 ? limits.perHost : Number.POSITIVE_INFINITY;

  let isStarting = false;
  /** One has ended while it was started, as what is refused by an option does. */
  let hasRoom = false;
  // A loop, not a call from within each end: thousands may end at once, and the stack is not that deep.
  const startMore = (): void => {
    if (isStarting) {
      hasRoom = true;
      return;
    }
    isStarting = true;
    let index = 0;
    while (active < total && index < waiting.length) {
      const item = waiting[index] as BatchItem;
      const { host } = item;
      const running = perHost.get(host) ?? 0;
      if (running >= hostLimit) {
        index++;
        continue;
      }
      waiting.splice(index, 1);
      active++;
      perHost.set(host, running + 1);
      item.start(() => {
        active--;
        perHost.set(host, (perHost.get(host) ?? 1) - 1);
        left--;
        startMore();
      });
      // Those that were passed over may have their turn now.
      if (hasRoom) index = 0;
      hasRoom = false;
    }
    isStarting = false;
    if (left === 0) done();
  };
  if (left === 0) done();
  else startMore();
}
