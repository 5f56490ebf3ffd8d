import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** The exit code; 255 where the program could not be started or was ended by a signal. */
  readonly exit: number;
  /** What it printed, both streams together; empty unless captured. */
  readonly output: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** `show` lets it print, `keep` keeps what it prints, `both` does both. */
  readonly output?: 'show' | 'keep' | 'both';
}

/** Runs a program to its end. */
export function runProgram(command: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  const { cwd, env, output = 'show' } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: output === 'show' ? 'inherit' : ['inherit', 'pipe', 'pipe'],
    });
    let kept = '';
    for (const [stream, own] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const)
      stream?.setEncoding('utf8').on('data', (text: string) => {
        kept += text;
        if (output === 'both') own.write(text);
      });
    child.on('error', (error) => resolve({ exit: 255, output: `${kept}${command}: ${error.message}\n` }));
    child.on('close', (code) => resolve({ exit: code ?? 255, output: kept }));
  });
}
