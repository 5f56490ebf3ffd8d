// For tests: Debian's PostgreSQL and MariaDB on loopback, each with a fresh cluster.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { hasProgram } from './has-program.ts';

/** Why tests that need it are skipped; false where they run. CI has it installed (.ci/setup). */
export const NO_POSTGRES: string | false =
  hasProgram('postgres') && hasProgram('initdb') ? false : 'no postgres on the path';
export const NO_MARIADB: string | false =
  process.env['CI'] || hasProgram('mariadbd') ? false : 'no mariadbd on this machine';

export interface DatabaseServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Its user is `ann` with the password `s3cret`, its database `postgres`. PostgreSQL does not run as root: then it is the user postgres. */
export async function spawnPostgres(settings: readonly string[] = []): Promise<DatabaseServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-postgres-'));
  const own = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : null;
  if (own !== null) chownSync(folder, own.uid, own.gid);
  const data = path.join(folder, 'data');
  const password = path.join(folder, 'password');
  execFileSync(
    'sh',
    ['-c', `echo s3cret > ${password} && initdb -D ${data} -U ann -A scram-sha-256 --pwfile=${password} -N`],
    { ...own, stdio: 'ignore' },
  );
  const port = await freePort();
  const child = spawn(
    'postgres',
    [
      '-D',
      data,
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      '-k',
      folder,
      '-c',
      'fsync=off',
      ...settings.flatMap((one) => ['-c', one]),
    ],
    { ...own, stdio: 'ignore' },
  );
  return serve(child, port, folder);
}

/** Its user is `ann` with the password `s3cret`, its database `shop`. */
export async function spawnMariadb(): Promise<DatabaseServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-mariadb-'));
  chmodSync(folder, 0o755);
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  execFileSync('mariadb-install-db', ['--no-defaults', `--datadir=${folder}`, '--skip-test-db', ...user], {
    stdio: 'ignore',
  });
  const port = await freePort();
  const child = spawn(
    hasProgram('mariadbd') ? 'mariadbd' : '/usr/sbin/mariadbd',
    [
      '--no-defaults',
      `--datadir=${folder}`,
      `--socket=${folder}/s`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--innodb-flush-log-at-trx-commit=0',
      ...user,
    ],
    { stdio: 'ignore', env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` } },
  );
  const server = await serve(child, port, folder);
  execFileSync('mariadb', [
    ...['--no-defaults', `--socket=${folder}/s`, '-u', 'root', '-e'],
    "CREATE DATABASE shop; CREATE USER ann@'%' IDENTIFIED BY 's3cret'; GRANT ALL ON shop.* TO ann@'%'",
  ]);
  return server;
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

async function serve(child: ChildProcess, port: number, folder: string): Promise<DatabaseServer> {
  for (let tries = 0; !(await canConnect(port)); tries++) {
    if (child.exitCode !== null || tries > 1200)
      throw new Error(`the server does not listen (${child.spawnargs.join(' ')})`);
    await wait(50);
  }
  return {
    port,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        // PostgreSQL ends its children only when it is told to end at once.
        child.kill('SIGQUIT');
        const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
        await ended;
        clearTimeout(timer);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
