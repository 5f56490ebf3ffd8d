// The terminal that a run is watched on: lines that stay, and below them a part that is drawn anew as the run goes on.

/** Where a stream of text goes; `process.stdout` and `process.stderr` are such. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\x1b[2K';

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
    return this.#out.isTTY === true && process.env['TERM'] !== 'dumb';
  }

  get columns(): number {
    return this.#out.columns ?? 80;
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

  /** Replaces what is drawn. Lines must not be wider than the terminal. */
  draw(lines: readonly string[]): void {
    this.#erase();
    this.#drawn = lines;
    this.#paint();
  }

  /** Leaves what is drawn as it is and goes on below it. */
  settle(): void {
    this.#drawn = [];
  }

  #above(write: () => void): void {
    this.#erase();
    write();
    this.#paint();
  }

  #erase(): void {
    if (this.#drawn.length === 0) return;
    this.#out.write(
      `\x1b[${this.#drawn.length}A${`${CLEAR_LINE}\n`.repeat(this.#drawn.length)}\x1b[${this.#drawn.length}A`,
    );
  }

  #paint(): void {
    if (this.#drawn.length > 0) this.#out.write(`${this.#drawn.join('\n')}\n`);
  }
}
