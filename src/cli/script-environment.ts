// `__ENV`: what a script may know of the environment it runs in.
import type { CommandEnvironment } from './env-file.ts';
import type { RuntimeFlags } from './flags/runtime-flags.ts';

/** @returns the variables of `-e`, over those of files, over those of the system where the script is to see them */
export function scriptEnvironment(
  runtime: RuntimeFlags,
  { env, variables }: Pick<CommandEnvironment, 'env' | 'variables'>,
): Record<string, string> {
  const seen: Record<string, string> = {};
  if (runtime.includeSystemEnvVars) {
    for (const [name, value] of Object.entries(env)) if (value !== undefined) seen[name] = value;
  }
  return Object.assign(seen, variables, runtime.env);
}
