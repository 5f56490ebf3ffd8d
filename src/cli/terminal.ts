// The terminal that a run is watched on: lines that stay, and below them a part that is drawn anew as the run goes on.

import { widthOf } from '../report/fit-text.ts';

/** Where a stream of text goes; `process.stdout` and `process.stderr` are such. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** Asks the system for the size; Node does so by itself only when it comes round to the signal of the change. */
  _refreshSize?(): void;
  write(text: string): unknown;
}

/** Whether a stream leads to a terminal that understands more than plain text: colours, and movements of its cursor. */
export function isCapableTerminal(stream: Pick<TextStream, 'isTTY'>): boolean {
  return stream.isTTY === true && process.env['TERM'] !== 'dumb';
}

const CLEAR_BELOW = '\x1b[J';
const CLEAR_FROM_TOP = `\x1b[K\x1b[B${CLEAR_BELOW}\x1b[A`;

export class Terminal {
  readonly #out: TextStream;
  readonly #err: TextStream;
  /** Lines of the part that is drawn anew. */
  #drawn: readonly string[] = [];

  constructor(out: TextStream = process.stdout, err: TextStream = process.stderr) {
    this.#out = out;
    this.#err = err;
  }

  /** Whether standard output is a terminal that can move its cursor. */
  get isInteractive(): boolean {
    return isCapableTerminal(this.#out);
  }

  get columns(): number {
    // Some terminals say 0 where they do not know.
    return this.#out.columns || 80;
  }

  /** Writes to standard output, above what is drawn. */
  readonly stdout = (text: string): void => {
    this.#above(() => this.#out.write(text));
  };

  /** Writes to standard error, above what is drawn if that is the same terminal. */
  readonly stderr = (text: string): void => {
    if (this.#err.isTTY === true) this.#above(() => this.#err.write(text));
    else this.#err.write(text);
  };

  /** Replaces what is drawn, in one write. Lines must not be wider than the terminal; of those that it has no room for the number is told. */
  draw(lines: readonly string[]): void {
    this.#out._refreshSize?.();
    // A line that has scrolled away can never be erased again.
    const room = Math.max(1, (this.#out.rows || Number.POSITIVE_INFINITY) - 1);
    this.#replace(
      lines.length <= room || room < 3
        ? lines.slice(0, room)
        : [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more`],
    );
  }

  /** Replaces what is drawn by lines that stay, all of them, and goes on below. */
  settle(lines: readonly string[] = this.#drawn): void {
    if (lines !== this.#drawn) {
      this.#out._refreshSize?.();
      this.#replace(lines);
    }
    this.#drawn = [];
  }

  #replace(lines: readonly string[]): void {
    const erase = this.#eraseText();
    this.#drawn = lines;
    this.#out.write(erase + this.#drawnText());
  }

  #above(write: () => void): void {
    if (this.#drawn.length === 0) return void write();
    this.#out._refreshSize?.();
    this.#out.write(this.#eraseText());
    write();
    this.#out.write(this.#drawnText());
  }

  #eraseText(): string {
    // In a terminal that was made narrower a line takes several rows.
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / this.columns)), 0);
    if (rows === 0) return '';
    // All below goes too: the ^C of whoever pressed it. A terminal whose whole screen is cleared at once takes that for a page that was
    // left, and keeps a copy above: then the first row goes by itself.
    const isAtTop = rows + 1 >= (this.#out.rows || Number.POSITIVE_INFINITY);
    return `\r\x1b[${rows}A${isAtTop ? CLEAR_FROM_TOP : CLEAR_BELOW}`;
  }

  #drawnText(): string {
    return this.#drawn.length > 0 ? `${this.#drawn.join('\n')}\n` : '';
  }
}
