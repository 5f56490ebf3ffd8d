// How much is kept of what a script hands over: a script may hand over anything.

/** Of the summary's text, and of its data, in characters. */
export const MOST_KEPT = 1024 * 1024;

/** Of one line: of a log, or of why a run ended, in characters. */
const LONGEST_LINE = 10_000;

/** Room for the sentence that says what was cut: a text that has it is not cut again. */
const NOTE = 200;

/** @returns the line, or its beginning and how long it was */
export function lineWithin(message: string): string {
  return message.length <= LONGEST_LINE + NOTE
    ? message
    : `${message.slice(0, LONGEST_LINE)}… (${message.length} characters)`;
}

/** @returns the text, or its beginning and how long it was */
export function textWithin(text: string): string {
  if (text.length <= MOST_KEPT + NOTE) return text;
  return `${text.slice(0, MOST_KEPT)}\n… (cut: it has ${text.length} characters, and ${MOST_KEPT} are kept)\n`;
}

/**
 * @param json which cannot be cut
 * @param say hears why nothing of it is kept
 * @returns null: it is too long
 */
export function dataWithin(json: string, say: (message: string) => void): string | null {
  if (json.length <= MOST_KEPT) return json;
  say(`the data of the summary is not kept: it has ${json.length} characters, and ${MOST_KEPT} are kept at most`);
  return null;
}
