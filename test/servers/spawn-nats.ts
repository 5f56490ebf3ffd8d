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
  const start = (): Promise<LoopbackServer> => spawnOnLoopback('nats-server', ['-c', file], [port]);
  let server = await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    kill: () => server.kill(),
    async restart() {
      await server.kill();
      server = await start();
    },
    async stop() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
