// The command line: finds the command, loads only what it needs, ends with its exit code.
import { enableCompileCache } from 'node:module';
import { EXIT, ExitError } from '../execution/exit-error.ts';

enableCompileCache?.();

const { buildProgram } = await import('./program.ts');
try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  if (error instanceof ExitError) {
    if (error.message) console.error(error.message);
    process.exitCode = error.exitCode;
  } else {
    console.error((error as Error)?.stack ?? error);
    process.exitCode = EXIT.internalError;
  }
}
