// Which answers lead on, and how far what was given for the first place goes along.

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** Go's rule: the same host, or one below it. */
export function isSameSite(first: string, next: string): boolean {
  const a = first.toLowerCase();
  const b = next.toLowerCase();
  return a === b || b.endsWith(`.${a}`);
}
