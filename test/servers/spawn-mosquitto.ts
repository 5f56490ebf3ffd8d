// For tests: Debian's mosquitto on loopback.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hasProgram } from './has-program.ts';
import { findFreePort, spawnOnLoopback } from './spawn-on-loopback.ts';

/** Why tests that need it are skipped; false where they run. CI has it installed (.ci/setup). */
export const NO_MOSQUITTO: string | false =
  process.env['CI'] || hasProgram('mosquitto') ? false : 'no mosquitto on this machine';

export interface MosquittoServer {
  readonly ports: { readonly plain: number; readonly tls: number; readonly web: number };
  /** Ends it at once, as a crash would. */
  stop(): Promise<void>;
}

/**
 * Anybody may come in, over TCP, TLS and WebSockets.
 * @param tls in PEM
 * @param acl lines of its file of rights
 */
export async function spawnMosquitto(
  { cert, key }: { cert: string; key: string },
  acl: readonly string[] = ['topic readwrite #'],
): Promise<MosquittoServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-mosquitto-'));
  const ports = { plain: await findFreePort(), tls: await findFreePort(), web: await findFreePort() };
  const write = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const config = [
    'per_listener_settings false',
    'allow_anonymous true',
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    `acl_file ${write('acl', `${acl.join('\n')}\n`)}`,
    'log_dest stdout',
    `listener ${ports.plain} 127.0.0.1`,
    `listener ${ports.web} 127.0.0.1`,
    'protocol websockets',
    `listener ${ports.tls} 127.0.0.1`,
    `certfile ${write('cert.pem', cert)}`,
    `keyfile ${write('key.pem', key)}`,
    '',
  ];
  const server = await spawnOnLoopback(
    'mosquitto',
    ['-c', write('mosquitto.conf', config.join('\n'))],
    Object.values(ports),
  );
  return {
    ports,
    async stop() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
