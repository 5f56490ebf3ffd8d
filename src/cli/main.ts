// The program: reads the command line, ends with the exit code that k6 would end with.
import { enableCompileCache } from 'node:module';
import { startLoadThreadAhead } from '../execution/control-plane/load-thread.ts';
import { keepCode, keepCodeIn, keepsCode, takeCode } from '../node/kept-code.ts';
import { cacheFolder } from '../options/system-folders.ts';

// What would open the port of Node's debugger does nothing.
if (process.platform !== 'win32') process.on('SIGUSR1', () => {});

// Sources that were compiled once start faster; it has to be on before the rest is loaded.
enableCompileCache();
keepCodeIn(cacheFolder('code'));

// The thread that makes the load starts while the rest is being loaded. Where the command line asks for something else than it seems to,
// nobody takes it, and it ends with the program.
const runs = process.argv.includes('run');
if (runs) startLoadThreadAhead();

const { runCommandLine } = await import('./program.ts');
const { EXIT, ExitError } = await import('../exit/exit-error.ts');
const { outliveStalledReaders, outliveStreams } = await import('./stream-errors.ts');
const { followLauncher } = await import('./lifeline.ts');
outliveStreams();
followLauncher();
try {
  await runCommandLine(process.argv.slice(2));
} catch (error) {
  const expected = error instanceof ExitError;
  console.error(expected ? error.message : ((error as Error)?.stack ?? error));
  process.exitCode = expected ? error.exitCode : EXIT.internalError;
}
// Other commands call other functions.
if (runs && keepsCode()) keepCode(takeCode());
outliveStalledReaders();
