// What SharedArrays hold, by name: JSON text of each element, one copy per worker, the same in all of them.

const data = new Map<string, readonly string[]>();

/** The elements that a name stands for, once a virtual user of this worker has built them or another worker's were taken over. */
export function findSharedData(name: string): readonly string[] | undefined {
  return data.get(name);
}

/** Keeps what a script's function gave. */
export function keepSharedData(name: string, elements: readonly string[]): void {
  data.set(name, elements);
}

/** Takes over what another worker built, so that the script's function does not run here. */
export function adoptSharedData(entries: Iterable<readonly [string, readonly string[]]>): void {
  for (const [name, elements] of entries) data.set(name, elements);
}

/** Everything there is, to hand to other workers. */
export function allSharedData(): readonly (readonly [string, readonly string[]])[] {
  return [...data];
}
