// For tests: a command line that is carried out in this process, and what it prints.
import { runCommandLine } from './program.ts';

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** @param words behind the program's name @throws what the command throws */
export async function runHere(...words: string[]): Promise<Printed> {
  const printed = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const { write } = process[name];
    process[name].write = ((...given: Parameters<typeof write>) => {
      // What reports tests to whoever runs them is octets.
      if (typeof given[0] !== 'string') return write.apply(process[name], given);
      printed[name] += given[0];
      return true;
    }) as typeof write;
    return () => {
      process[name].write = write;
    };
  });
  try {
    await runCommandLine(words);
  } finally {
    for (const one of restore) one();
  }
  return printed;
}
