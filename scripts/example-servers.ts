// The servers that examples need, by the word of their line "// needs:".
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { createCertificates } from '../src/demo/certificates.ts';
import { hasProgram } from '../test/servers/has-program.ts';
import { NO_BROWSER } from '../test/servers/open-browser.ts';
import { NO_PING } from '../test/servers/ping-program.ts';
import { NO_POSTGRES, spawnPostgres } from '../test/servers/spawn-databases.ts';
import { spawnDnsmasq } from '../test/servers/spawn-dnsmasq.ts';
import { NO_MOSQUITTO, spawnMosquitto } from '../test/servers/spawn-mosquitto.ts';
import { NO_REDIS, spawnRedis } from '../test/servers/spawn-redis.ts';
import { NO_SSHD, spawnSshd } from '../test/servers/spawn-sshd.ts';

export interface ExampleServer {
  /** `NAME=value`, by which the example finds it. */
  readonly variables: readonly string[];
  /** Variables of the process. */
  readonly env?: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

interface Kind {
  /** Why it cannot be started on this machine, or false. */
  readonly absent: string | false;
  start(): Promise<ExampleServer>;
}

export const EXAMPLE_SERVERS: Readonly<Record<string, Kind>> = {
  'a certificate': { absent: false, start: startTlsServer },
  'an event stream': { absent: false, start: startEventStream },
  // Started by the example itself: as root, as on CI, without its sandbox.
  Chromium: {
    absent: NO_BROWSER,
    start: async () => ({ variables: [], env: { K6_BROWSER_ARGS: 'no-sandbox,disable-gpu' }, stop: async () => {} }),
  },
  dnsmasq: {
    absent: process.env['CI'] || hasProgram('dnsmasq') ? false : 'no dnsmasq on this machine',
    async start() {
      const { port, kill } = await spawnDnsmasq({ 'shop.test': '192.0.2.7' });
      return { variables: [`DNS_SERVER=127.0.0.1:${port}`, 'DNS_RECORD=shop.test'], stop: kill };
    },
  },
  mosquitto: {
    absent: NO_MOSQUITTO,
    async start() {
      const { ports, stop } = await spawnMosquitto(createCertificates(['localhost']));
      return { variables: [`BROKER=mqtt://127.0.0.1:${ports.plain}`], stop };
    },
  },
  // No server: the program itself.
  ping: { absent: NO_PING, start: async () => ({ variables: [], stop: async () => {} }) },
  postgres: {
    absent: NO_POSTGRES,
    async start() {
      const { port, stop } = await spawnPostgres();
      return { variables: [`DATABASE=postgres://ann:s3cret@127.0.0.1:${port}/postgres?sslmode=disable`], stop };
    },
  },
  'redis-server': {
    absent: NO_REDIS,
    async start() {
      const { port, stop } = await spawnRedis();
      return { variables: [`REDIS_URL=redis://127.0.0.1:${port}`], stop };
    },
  },
  sshd: {
    absent: NO_SSHD,
    async start() {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-example-ssh-'));
      const { port, username, kill } = await spawnSshd(folder);
      return {
        variables: [
          'SSH_HOST=127.0.0.1',
          `SSH_PORT=${port}`,
          `SSH_USER=${username}`,
          `SSH_KEY=${path.join(folder, 'user')}`,
        ],
        async stop() {
          await kill();
          rmSync(folder, { recursive: true });
        },
      };
    },
  },
};

function startTlsServer(): Promise<ExampleServer> {
  const { cert, key } = createCertificates(['localhost']);
  const server = createTlsServer({ cert, key });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        variables: [`SERVER=localhost:${port}`],
        stop: () => new Promise((done) => server.close(() => done())),
      });
    });
  });
}

/** Sends an event, again and again, for as long as somebody listens. */
function startEventStream(): Promise<ExampleServer> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let id = 0;
    const timer = setInterval(() => response.write(`event: order\nid: ${++id}\ndata: {"order":${id}}\n\n`), 5);
    response.on('close', () => clearInterval(timer));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        variables: [`STREAM=http://127.0.0.1:${port}/events`],
        async stop() {
          server.closeAllConnections();
          await new Promise((done) => server.close(done));
        },
      });
    });
  });
}
