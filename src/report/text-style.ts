// Colours and links of the text summary, where the terminal shows them.

export interface TextStyle {
  readonly bold: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly value: (text: string) => string;
  readonly faint: (text: string) => string;
  /** Text that stands for a code, as a link to its page. */
  readonly code: CodeLink;
}

export type CodeLink = (text: string, code: number) => string;

function paint(code: string): (text: string) => string {
  return (text) => (text === '' ? text : `\x1b[${code}m${text}\x1b[0m`);
}

type Colours = Omit<TextStyle, 'code'>;

const PLAIN: Colours = {
  bold: String,
  good: String,
  bad: String,
  warn: String,
  value: String,
  faint: String,
};

const COLOURED: Colours = {
  bold: paint('1'),
  good: paint('32'),
  bad: paint('31'),
  warn: paint('33'),
  value: paint('36'),
  faint: paint('2;36'),
};

/**
 * @param colour whether to write escape sequences of colours: not to files, nor with NO_COLOR
 * @param code links codes; left out, they are only text
 */
export function textStyle(colour: boolean, code: CodeLink = String): TextStyle {
  return { ...(colour ? COLOURED : PLAIN), code };
}
