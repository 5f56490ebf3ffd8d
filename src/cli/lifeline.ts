// The pipe to the launcher: when that is killed, nobody is left who waits for us.
import { Socket } from 'node:net';

/** Ends this process when the launcher that started it is gone. Does nothing where there is no launcher. */
export function followLauncher(): void {
  const fd = process.env['SIXFOLD_LIFELINE'];
  if (fd === undefined) return;
  // Neither scripts nor the programs we start are to see it.
  delete process.env['SIXFOLD_LIFELINE'];
  try {
    const pipe = new Socket({ fd: Number(fd), readable: true, writable: false });
    pipe.on('error', () => {});
    pipe.on('close', () => process.exit(process.exitCode ?? 1));
    pipe.resume();
    pipe.unref();
  } catch {
    // The variable came from somewhere else: there is no such pipe.
  }
}
