// Lists of a script: their methods, and how they are iterated over, are the script's.

/**
 * A copy that the host can work with. A method of the script's own list (`some`, `forEach`) may be one of the script's, which a
 * callback of the host's must never reach.
 */
export function copyList(list: readonly unknown[]): unknown[] {
  const copy: unknown[] = [];
  for (let i = 0; i < list.length; i++) copy.push(list[i]);
  return copy;
}
