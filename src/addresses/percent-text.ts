/**
 * Text without its percent escapes. Whoever writes a password into an address may not know of them: where one is broken, all stand for
 * themselves.
 */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
