import { EXIT, ExitError } from '../exit/exit-error.ts';

/** An output that cannot be made, started or written to: ends the program with 255. */
export class OutputError extends ExitError {
  constructor(message: string, options?: { cause?: unknown }) {
    super(EXIT.other, message, options);
    this.name = 'OutputError';
  }
}
