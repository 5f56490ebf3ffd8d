// Colours of the text summary, where the terminal shows them.

export interface TextStyle {
  readonly bold: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly value: (text: string) => string;
  readonly faint: (text: string) => string;
}

function paint(code: string): (text: string) => string {
  return (text) => (text === '' ? text : `\x1b[${code}m${text}\x1b[0m`);
}

const PLAIN: TextStyle = {
  bold: String,
  good: String,
  bad: String,
  warn: String,
  value: String,
  faint: String,
};

const COLOURED: TextStyle = {
  bold: paint('1'),
  good: paint('32'),
  bad: paint('31'),
  warn: paint('33'),
  value: paint('36'),
  faint: paint('2;36'),
};

/** @param colour whether to write escape sequences at all: not to files, nor with NO_COLOR */
export function textStyle(colour: boolean): TextStyle {
  return colour ? COLOURED : PLAIN;
}
