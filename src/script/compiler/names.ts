/** A prefix that occurs nowhere in the source, so that no internal name can collide with one of the script's. */
export function pickPrefix(source: string): string {
  for (const candidate of ['$$', '$_$', '$6$', '$f$', '$6f$']) if (!source.includes(candidate)) return candidate;
  for (let i = 0; ; i++) if (!source.includes(`$${i}_`)) return `$${i}_`;
}
