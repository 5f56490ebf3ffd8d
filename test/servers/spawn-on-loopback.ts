// For tests: a server of Debian's as a child process, waited for until it listens.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface LoopbackServer {
  readonly process: ChildProcess;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

const PATH_WITH_SERVERS = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

/**
 * @param ports that have to be open before it counts as there
 * @throws Error with what it said, when it ends or does not listen
 */
export async function spawnOnLoopback(
  command: string,
  args: readonly string[],
  ports: readonly number[],
): Promise<LoopbackServer> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: PATH_WITH_SERVERS },
  });
  let said = '';
  let failure: Error | null = null;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-4000);
    });
  }
  child.on('error', (error) => {
    failure = error;
  });
  for (const port of ports) {
    for (let tries = 0; !(await canConnect(port)); tries++) {
      if (failure !== null) throw failure;
      if (child.exitCode !== null || tries > 600) throw new Error(`${command} does not listen on ${port}: ${said}`);
      await wait(50);
    }
  }
  return {
    process: child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Below the ports that systems give to connections, so that none of those takes one of these between its choice and its use. */
const PORTS = { from: 20_000, to: 32_000 };
const given = new Set<number>();

/** Nobody listens there now; no second caller in this process gets it, and hardly one in another. @param below 32,000 at most */
export async function findFreePort(below = PORTS.to): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, below);
    if (given.has(port)) continue;
    given.add(port);
    const server = net.createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** Whether somebody listens there. */
export function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
