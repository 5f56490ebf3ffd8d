/**
 * Text of what a script gives where the web's interfaces take text (WebIDL section 3.2.10): unlike `String()`, it takes no symbols.
 * @throws TypeError for a symbol; whatever a conversion of the script's own throws
 */
export function toText(given: unknown): string {
  return `${given as string}`;
}
