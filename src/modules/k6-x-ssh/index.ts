// `k6/x/ssh`: commands on other machines (https://github.com/grafana/xk6-ssh).
import type Ssh2 from 'ssh2';
import { Suspension } from '../../script/runtime/suspension.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import { toScriptError } from '../../vu/network-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { readCommand } from './ssh-params.ts';
import { SshSamples } from './ssh-samples.ts';
import { SshSession } from './ssh-session.ts';

const SESSION = Symbol('k6/x/ssh');

/** @param ssh2 the package, as it is installed */
export function createSshModule(ssh2: typeof Ssh2): HostModule {
  return {
    specifier: 'k6/x/ssh',
    create(environment) {
      const named = createFunctions(ssh2, environment);
      return () => ({ named });
    },
  };
}

function createFunctions(ssh2: typeof Ssh2, environment: VuEnvironment): Record<string, unknown> {
  const { realm } = environment;
  const samples = new SshSamples(environment);
  const sessionOf = (): SshSession => {
    const vu = realm.vu as VirtualUser;
    vu.forbidInit('using ssh');
    return vu.state(SESSION, () => new SshSession(ssh2, vu, samples));
  };
  const suspend = (work: Promise<unknown>): Suspension =>
    new Suspension(
      work.catch((error: unknown) => {
        throw error instanceof WireError ? toScriptError(realm, error) : error;
      }),
    );
  return {
    connect: realm.blockingFunction('connect', 1, (options: unknown) => suspend(sessionOf().connect(options))),
    /** The standard output of a command; one that does not end with 0 throws. */
    run: realm.blockingFunction('run', 2, (given: unknown, options: unknown) => {
      const session = sessionOf();
      const { command, options: read } = readCommand('run', given, options);
      return suspend(
        session.run(command, read).then(({ stdout, stderr, exitCode, signal }) => {
          if (exitCode === 0) return stdout;
          const ending = exitCode === null ? `signal ${signal}` : `status ${exitCode}`;
          throw realm.error('Error', `the command ended with ${ending}${stderr === '' ? '' : `: ${stderr.trim()}`}`, {
            name: 'CommandError',
            exit_code: exitCode,
            signal,
            stdout,
            stderr,
          });
        }),
      );
    }),
    /** All of what a command came to. */
    exec: realm.blockingFunction('exec', 2, (given: unknown, options: unknown) => {
      const session = sessionOf();
      const { command, options: read } = readCommand('exec', given, options);
      return suspend(
        session.run(command, read).then(({ exitCode, ...rest }) => realm.fromHost({ ...rest, exit_code: exitCode })),
      );
    }),
    close: realm.hostFunction('close', 0, () => sessionOf().close()),
  };
}
