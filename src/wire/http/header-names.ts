const cache = new Map<string, string>();

/** Go's canonical form, which k6 shows: `x-request-id` → `X-Request-Id`. Names that are no tokens stay as they are. */
export function canonicalName(name: string): string {
  let canonical = cache.get(name);
  if (canonical === undefined) {
    canonical = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)
      ? name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
      : name;
    if (cache.size > 5000) cache.clear();
    cache.set(name, canonical);
  }
  return canonical;
}
