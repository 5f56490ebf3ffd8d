// For tests: Debian's redis-server on loopback, as its users set it up.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { hasProgram } from './has-program.ts';
import { canConnect, findFreePort } from './spawn-on-loopback.ts';

/** Why tests that need it are skipped; false where they run. CI has it installed (.ci/setup). */
export const NO_REDIS: string | false =
  process.env['CI'] || hasProgram('redis-server') ? false : 'no redis-server on this machine';

export interface RedisServer {
  readonly port: number;
  readonly process: ChildProcess;
  /** Sends one command, with a client of its own, and waits for the whole reply. */
  ask(...words: string[]): Promise<string>;
  stop(): Promise<void>;
}

/**
 * @param config lines of redis.conf; `tls-port PORT` among them makes it a server for TLS alone
 * @param port a free one where it is left out
 */
export async function spawnRedis(
  config: readonly string[] = [],
  mode: 'server' | 'sentinel' = 'server',
  port?: number,
): Promise<RedisServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-redis-'));
  // A node of a cluster also listens at its port + 10000.
  port ??= await findFreePort(22_000);
  const file = path.join(folder, 'redis.conf');
  const isSecure = config.includes('tls-port PORT');
  const lines = [`${isSecure ? 'tls-port' : 'port'} ${port}`, ...config.filter((line) => line !== 'tls-port PORT')];
  if (isSecure) lines.push('port 0');
  writeFileSync(
    file,
    [`bind 127.0.0.1`, `dir ${folder}`, ...(mode === 'server' ? ['save ""'] : []), ...lines, ''].join('\n'),
  );
  const child = spawn('redis-server', mode === 'sentinel' ? [file, '--sentinel'] : [file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout?.resume();
  let failure: Error | null = null;
  child.on('error', (error) => {
    failure = error;
  });
  for (let tries = 0; ; tries++) {
    if (failure !== null) throw failure;
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}: ${lines.join('; ')}`);
    if (await canConnect(port)) break;
    if (tries > 600) throw new Error('redis-server does not listen');
    await wait(50);
  }
  const at = port;
  return {
    port: at,
    process: child,
    ask: (...words) => askOnce(at, words),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function askOnce(port: number, words: readonly string[]): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
  // QUIT makes the server end the connection behind the reply, however long that is.
  socket.write('*1\r\n$4\r\nQUIT\r\n');
  let reply = '';
  for await (const text of socket) reply += text;
  return reply.replace(/\+OK\r\n$/, '');
}
