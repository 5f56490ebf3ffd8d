/** @returns text in single quotes, as shells other than PowerShell have them */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
