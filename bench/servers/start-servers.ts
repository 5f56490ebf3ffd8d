import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCertificates } from '../../src/demo/certificates.ts';

/** The servers that are measured against: never the demo target, which has other virtues than speed. */
export interface BenchServers {
  /** `http://127.0.0.1:PORT`: /hello answers 13 bytes, /json a small JSON object. */
  readonly http: string;
  /** `https://127.0.0.1:PORT`: the same over HTTP/2, or HTTP/1.1, with a certificate that nobody has signed. */
  readonly https: string;
  /** `127.0.0.1:PORT` */
  readonly grpc: string;
  /** `http://127.0.0.1:PORT`: answers after 20 ms. */
  readonly slow: string;
  stop(): Promise<void>;
}

const NGINX_PATHS = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'];

const nginxConfig = (port: number, securePort: number) => `
worker_processes 1;
worker_rlimit_nofile 20000;
pid nginx.pid;
error_log stderr error;
events { worker_connections 16384; multi_accept on; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port} backlog=16384 reuseport;
    listen 127.0.0.1:${securePort} ssl http2 backlog=16384 reuseport;
    ssl_certificate cert.pem;
    ssl_certificate_key key.pem;
    location = /hello { default_type text/plain; return 200 "Hello, world!"; }
    location = /json { default_type application/json; return 200 '{"id":42,"state":"placed","items":[{"name":"margherita","quantity":2}],"totalCents":1700}'; }
  }
}
`;

/** @throws Error with what to install where nginx is missing */
export async function startServers(): Promise<BenchServers> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-bench-'));
  const [port, securePort] = await freePorts();
  const { cert, key } = createCertificates(['127.0.0.1']);
  writeFileSync(path.join(folder, 'cert.pem'), cert);
  writeFileSync(path.join(folder, 'key.pem'), key);
  writeFileSync(path.join(folder, 'nginx.conf'), nginxConfig(port, securePort));
  const nginx = NGINX_PATHS.find((file) => existsSync(file));
  if (!nginx) throw new Error('The benchmark needs nginx: apt-get install nginx-light (.ci/setup does it).');
  const web = spawn(nginx, ['-p', folder, '-c', 'nginx.conf', '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [rpc, slow] = ['grpc-server', 'slow-server'].map((name) =>
    fork(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), {
      stdio: 'inherit',
      execPath: process.execPath,
      execArgv: [],
    }),
  ) as [ChildProcess, ChildProcess];
  const ended = [web, rpc, slow].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  const stop = async () => {
    web.kill('SIGTERM');
    rpc.kill();
    slow.kill();
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [grpcPort, slowPort] = await Promise.all(
      [rpc, slow].map(
        (child) =>
          new Promise<number>((resolve, reject) => {
            child.once('message', (message) => resolve(Number(message)));
            child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}`)));
            web.once('exit', (code) => reject(new Error(`nginx ended with ${code}`)));
          }),
      ),
    );
    await accepting(port);
    return {
      http: `http://127.0.0.1:${port}`,
      https: `https://127.0.0.1:${securePort}`,
      grpc: `127.0.0.1:${grpcPort}`,
      slow: `http://127.0.0.1:${slowPort}`,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns two that differ: what is let go may be given again at once */
async function freePorts(): Promise<[number, number]> {
  const servers = [0, 1].map(() => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const [one, other] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return [one!, other!];
}

/** Waits until the port answers; nginx says nothing when it is ready. */
async function accepting(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('close', () => socket.destroy());
      socket.unref();
      socket.once('connect', () => socket.destroy());
    });
    if (connected) return;
    if (Date.now() > deadline) throw new Error(`nginx does not answer on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
