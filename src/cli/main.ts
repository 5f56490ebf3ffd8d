// The program: reads the command line, ends with the exit code that k6 would end with.
import { enableCompileCache } from 'node:module';

// What would open the port of Node's debugger does nothing.
if (process.platform !== 'win32') process.on('SIGUSR1', () => {});

// Sources that were compiled once start faster; it has to be on before the rest is loaded.
enableCompileCache();

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
outliveStalledReaders();
