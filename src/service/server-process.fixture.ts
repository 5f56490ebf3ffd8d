// A server as a process of its own, which can be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { launcherPath } from '../../scripts/program-under-test.ts';
import { until } from '../../test/end-to-end/until.ts';

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Where the first administrator is made; null: nobody has waited for it. */
  readonly setupLink: string | null;
  /** Ids of the processes that it has started, on Linux. */
  children(): number[];
}

export interface ServerPlace {
  /** Of `--data`. */
  readonly folder: string;
  /** `postgres://…`; null: SQLite in the folder. */
  readonly database: string | null;
  /** There is nobody in it yet. */
  readonly isNew?: boolean;
}

export async function spawnServer(
  { folder, database, isNew = false }: ServerPlace,
  words: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    [launcherPath(), 'server', '--data', folder, '--address', '127.0.0.1:0', ...words],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...(database !== null && { SIXFOLD_DATABASE: database }),
        SIXFOLD_SERVER_KEY: 'a key that all servers of the tests share',
      },
    },
  );
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part));
  const address = () => /the server is at (\S+)/.exec(errors)?.[1];
  const link = () => /first administrator: (\S+)/.exec(out)?.[1] ?? null;
  const isUp = () => address() !== undefined && (!isNew || link() !== null);
  await until(() => isUp() || child.exitCode !== null, 'the server listens');
  if (!isUp()) throw new Error(`the server does not start: ${errors}`);
  const listed = `/proc/${child.pid}/task/${child.pid}/children`;
  return {
    child,
    url: address()!,
    setupLink: link(),
    children: () => readFileSync(listed, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  };
}
