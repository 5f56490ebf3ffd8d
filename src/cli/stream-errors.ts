// What happens when standard output or standard error cannot take what is written to it any more.
import { EXIT } from '../exit/exit-error.ts';

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

/** How long a reader that takes nothing any more is waited for at the end, in ms. */
const PATIENCE_MS = 5000;
const LOOK_MS = 100;

/** Ends the program although somebody holds standard output or error open without reading it: nobody can be told more. */
export function outliveStalledReaders(): void {
  const unread = (): number => process.stdout.writableLength + process.stderr.writableLength;
  let left = unread();
  if (left === 0) return;
  let since = performance.now();
  setInterval(() => {
    if (unread() !== left) {
      left = unread();
      since = performance.now();
    } else if (left > 0 && performance.now() - since > PATIENCE_MS) process.exit();
  }, LOOK_MS).unref();
}
