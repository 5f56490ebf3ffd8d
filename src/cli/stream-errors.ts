// What happens when standard output or standard error cannot take what is written to it any more.
import { EXIT } from '../execution/exit-error.ts';

/** A stream of the process, as far as it can fail. */
export interface FailingStream {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/**
 * Keeps the program going when a stream fails: a test is worth more than its display, and may write its results elsewhere.
 * A reader that closed early (`| head`) is no failure; anything else (a full disk) is said once, and the program ends
 * with 255 unless it has a worse code.
 */
export function outliveStreams(
  out: FailingStream = process.stdout,
  err: FailingStream = process.stderr,
  say: (text: string) => void = console.error,
): void {
  let said = false;
  const listen = (stream: FailingStream, name: string): void => {
    stream.on('error', (error) => {
      if (error.code === 'EPIPE' || said) return;
      said = true;
      say(`could not write to ${name}: ${error.message}`);
      process.on('exit', () => {
        process.exitCode ||= EXIT.other;
      });
    });
  };
  listen(out, 'standard output');
  listen(err, 'standard error');
}
