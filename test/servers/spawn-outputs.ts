// For tests: Debian's Prometheus and InfluxDB on loopback, with a folder of their own that outlives them, so that they can be stopped and
// started again.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hasProgram } from './has-program.ts';
import { findFreePort, type LoopbackServer, spawnOnLoopback } from './spawn-on-loopback.ts';

/** Why tests that need it are skipped; false where they run. CI has it installed (.ci/setup). */
export const NO_PROMETHEUS: string | false =
  process.env['CI'] || hasProgram('prometheus') ? false : 'no prometheus on this machine';
export const NO_INFLUXDB: string | false =
  process.env['CI'] || hasProgram('influxd') ? false : 'no influxd on this machine';

/** A server that can be started again where it was. */
export class RestartableServer {
  readonly url: string;
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #ports: readonly number[];
  readonly #folder: string;
  #server: LoopbackServer | null = null;

  constructor(command: string, args: readonly string[], ports: readonly number[], folder: string) {
    this.#command = command;
    this.#args = args;
    this.#ports = ports;
    this.#folder = folder;
    this.url = `http://127.0.0.1:${ports[0]}`;
  }

  async start(): Promise<void> {
    this.#server = await spawnOnLoopback(this.#command, this.#args, this.#ports);
  }

  /** Ends it as its own system would. */
  async stop(): Promise<void> {
    const child = this.#server?.process;
    this.#server = null;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Takes remote writes, native histograms too. */
export async function spawnPrometheus(): Promise<RestartableServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-prometheus-'));
  const port = await findFreePort();
  const config = path.join(folder, 'prometheus.yml');
  writeFileSync(config, 'global: {}\n');
  const server = new RestartableServer(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--enable-feature=native-histograms',
    ],
    [port],
    folder,
  );
  await server.start();
  return server;
}

/** InfluxDB 1. @param settings lines of `[http]` */
export async function spawnInfluxdb(settings: readonly string[] = []): Promise<RestartableServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-influxdb-'));
  const port = await findFreePort();
  const config = path.join(folder, 'influxdb.conf');
  const lines = [
    'reporting-disabled = true',
    `bind-address = "127.0.0.1:${await findFreePort()}"`,
    ...['[meta]', `dir = "${folder}/meta"`],
    ...['[data]', `dir = "${folder}/data"`, `wal-dir = "${folder}/wal"`, 'query-log-enabled = false'],
    ...['[monitor]', 'store-enabled = false'],
    ...['[http]', `bind-address = "127.0.0.1:${port}"`, 'log-enabled = false', ...settings],
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const server = new RestartableServer('influxd', ['-config', config], [port], folder);
  await server.start();
  return server;
}
