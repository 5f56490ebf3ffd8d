// For tests: Debian's PostgreSQL and MariaDB on loopback, each with a fresh cluster.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findProgram, hasProgram } from './has-program.ts';
import { canConnect, findFreePort } from './spawn-on-loopback.ts';

/** Why tests that need it are skipped; false where they run. CI has it installed (.ci/setup). */
export const NO_POSTGRES: string | false =
  process.env['CI'] || (hasProgram('postgres') && hasProgram('initdb')) ? false : 'no postgres on this machine';
export const NO_MARIADB: string | false =
  process.env['CI'] || hasProgram('mariadbd') ? false : 'no mariadbd on this machine';

export interface DatabaseServer {
  readonly port: number;
  /** Ends it; it can be started again with what it holds. */
  halt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerCertificate {
  /** Files in PEM. */
  readonly certificate: string;
  readonly key: string;
}

/**
 * Its user is `ann` with the password `s3cret`, its database `postgres`. PostgreSQL does not run as root: then it is the user postgres.
 * @param tls it speaks TLS where it is given
 */
export async function spawnPostgres(tls: ServerCertificate | null = null): Promise<DatabaseServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-postgres-'));
  const own = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : null;
  if (own !== null) chownSync(folder, own.uid, own.gid);
  const data = path.join(folder, 'data');
  const password = path.join(folder, 'password');
  execFileSync(
    'sh',
    [
      '-c',
      `echo s3cret > ${password} && ${findProgram('initdb')} -D ${data} -U ann -A scram-sha-256 --pwfile=${password} -N`,
    ],
    { ...own, stdio: 'ignore' },
  );
  const settings = ['fsync=off'];
  if (tls !== null) {
    const [certificate, key] = copyFor(own, folder, tls);
    settings.push('ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`);
  }
  const port = await findFreePort();
  const launch = () =>
    spawn(
      findProgram('postgres') ?? 'postgres',
      ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, ...settings.flatMap((one) => ['-c', one])],
      { ...own, stdio: 'ignore' },
    );
  // It listens before it takes anybody in.
  const ready = [findProgram('pg_isready') ?? 'pg_isready', ['-q', '-h', '127.0.0.1', '-p', String(port)]] as const;
  return serve(launch, port, folder, () => spawnSync(...ready).status === 0);
}

/**
 * Its user is `ann` with the password `s3cret`, its database `shop`.
 * @param tls it speaks TLS where it is given
 */
export async function spawnMariadb(tls: ServerCertificate | null = null): Promise<DatabaseServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-mariadb-'));
  chmodSync(folder, 0o755);
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  execFileSync('mariadb-install-db', ['--no-defaults', `--datadir=${folder}`, '--skip-test-db', ...user], {
    stdio: 'ignore',
  });
  const port = await findFreePort();
  const launch = () =>
    spawn(
      findProgram('mariadbd') ?? 'mariadbd',
      [
        '--no-defaults',
        `--datadir=${folder}`,
        `--socket=${folder}/s`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--innodb-flush-log-at-trx-commit=0',
        ...(tls === null ? [] : [`--ssl-cert=${tls.certificate}`, `--ssl-key=${tls.key}`]),
        ...user,
      ],
      { stdio: 'ignore' },
    );
  const server = await serve(launch, port, folder, () => true);
  execFileSync('mariadb', [
    ...['--no-defaults', `--socket=${folder}/s`, '-u', 'root', '-e'],
    "CREATE DATABASE shop; CREATE USER ann@'%' IDENTIFIED BY 's3cret'; GRANT ALL ON shop.* TO ann@'%'",
  ]);
  return server;
}

/** PostgreSQL takes a key only from its own user, and no other may read it. */
function copyFor(
  own: { uid: number; gid: number } | null,
  folder: string,
  { certificate, key }: ServerCertificate,
): [certificate: string, key: string] {
  const copies: [string, string] = [path.join(folder, 'server.crt'), path.join(folder, 'server.key')];
  for (const [i, file] of [certificate, key].entries()) {
    cpSync(file, copies[i]!);
    chmodSync(copies[i]!, 0o600);
    if (own !== null) chownSync(copies[i]!, own.uid, own.gid);
  }
  return copies;
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

/** @param isReady asked once somebody listens */
async function serve(
  launch: () => ChildProcess,
  port: number,
  folder: string,
  isReady: () => boolean,
): Promise<DatabaseServer> {
  let child = launch();
  const ready = async (): Promise<void> => {
    for (let tries = 0; !((await canConnect(port)) && isReady()); tries++) {
      if (child.exitCode !== null || tries > 1200)
        throw new Error(`the server takes nobody in (${child.spawnargs.join(' ')})`);
      await wait(50);
    }
  };
  const halt = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    // PostgreSQL ends its children only when it is told to end at once.
    child.kill('SIGQUIT');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  };
  await ready();
  return {
    port,
    halt,
    async resume() {
      child = launch();
      await ready();
    },
    async stop() {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
