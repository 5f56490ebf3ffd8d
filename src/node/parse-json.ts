/**
 * Reads JSON that may hold what nobody is to see: V8 quotes what it could not read.
 * @throws Error that shows nothing of the text
 */
export function parseUnquotedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is no JSON');
  }
}
