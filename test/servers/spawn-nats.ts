// For tests: Debian's nats-server with JetStream on loopback, which can be killed and started again over the same files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hasProgram } from './has-program.ts';
import { findFreePort, type LoopbackServer, spawnOnLoopback } from './spawn-on-loopback.ts';

/** Why tests that need it are skipped; false where they run. CI has it installed (.ci/setup). */
export const NO_NATS: string | false =
  process.env['CI'] || hasProgram('nats-server') ? false : 'no nats-server on this machine';

export interface NatsServer {
  readonly url: string;
  readonly port: number;
  /** Where it keeps what it has. */
  readonly store: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, with what it had on its disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @param config lines of its configuration, beside address and store */
export async function spawnNats(config: readonly string[] = [], maxStore = '4GB'): Promise<NatsServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-nats-'));
  const port = await findFreePort();
  const file = path.join(folder, 'nats.conf');
  const store = path.join(folder, 'store');
  writeFileSync(
    file,
    [
      `listen: 127.0.0.1:${port}`,
      `jetstream: { store_dir: ${JSON.stringify(store)}, max_file_store: ${maxStore} }`,
      ...config,
      '',
    ].join('\n'),
  );
  const server = await spawnConfigured(file, port, `nats://127.0.0.1:${port}`, store);
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server with a configuration of one's own. @param store where that has it keep runs */
export async function spawnConfigured(file: string, port: number, url: string, store: string): Promise<NatsServer> {
  const start = (): Promise<LoopbackServer> => spawnOnLoopback('nats-server', ['-c', file], [port]);
  let server = await start();
  return {
    url,
    port,
    store,
    kill: () => server.kill(),
    async restart() {
      await server.kill();
      server = await start();
    },
    stop: () => server.kill(),
  };
}
