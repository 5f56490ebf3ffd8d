// Programs of the system that a test needs, looked for before it makes any load.
import { invalidConfig } from '../exit/exit-error.ts';
import type { Environment } from '../options/environment.ts';
import type { Options } from '../options/options.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import type { Program } from '../script/program.ts';
import { refuseProgram } from '../vu/programs.ts';
import type { RunRequest } from './run-request.ts';

/** @throws ExitError 104 for scenarios whose browsers cannot be started, and for pings where there is nothing to ping with */
export async function checkPrograms(
  request: RunRequest,
  { hostImports }: Program,
  scenarios: readonly ScenarioConfig[],
  options: Options,
): Promise<void> {
  const first = scenarios.find(({ browser }) => browser !== null);
  if (first !== undefined) {
    const env = environmentFor(request, `scenario ${first.name} needs a browser, and none is`);
    const { checkBrowsers } = await import('../execution/browsers/browser-settings.ts');
    checkBrowsers(scenarios, options, env);
  }
  if (hostImports.includes('k6/x/icmp')) {
    const env = environmentFor(
      request,
      "the script imports 'k6/x/icmp', which stands on the program ping, and programs are",
    );
    const { findPing } = await import('../execution/pings/ping-program.ts');
    await findPing(env);
  }
}

/** @param what is not started where there are no programs @throws ExitError 104 */
function environmentFor({ programs, load }: RunRequest, what: string): Environment {
  if (programs === undefined || load !== undefined) throw invalidConfig(refuseProgram(what));
  return programs;
}
