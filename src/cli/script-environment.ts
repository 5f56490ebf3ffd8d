// `__ENV`: what a script may know of the environment it runs in.
import type { RuntimeFlags } from './runtime-flags.ts';

/** @returns the variables of `-e`, over those of the system where the script is to see them */
export function scriptEnvironment(runtime: RuntimeFlags, env: NodeJS.ProcessEnv): Record<string, string> {
  const variables: Record<string, string> = {};
  if (runtime.includeSystemEnvVars) {
    for (const [name, value] of Object.entries(env)) if (value !== undefined) variables[name] = value;
  }
  return Object.assign(variables, runtime.env);
}
