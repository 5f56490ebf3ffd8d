import { fork, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The servers that are measured against: never the demo target, which has other virtues than speed. */
export interface BenchServers {
  /** `http://127.0.0.1:PORT`: /hello answers 13 bytes, /json a small JSON object. */
  readonly http: string;
  /** `127.0.0.1:PORT` */
  readonly grpc: string;
  stop(): Promise<void>;
}

const NGINX_PATHS = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'];

const nginxConfig = (port: number) => `
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
    location = /hello { default_type text/plain; return 200 "Hello, world!"; }
    location = /json { default_type application/json; return 200 '{"id":42,"state":"placed","items":[{"name":"margherita","quantity":2}],"totalCents":1700}'; }
  }
}
`;

/** @throws Error with what to install where nginx is missing */
export async function startServers(): Promise<BenchServers> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-bench-'));
  const port = await freePort();
  writeFileSync(path.join(folder, 'nginx.conf'), nginxConfig(port));
  const nginx = NGINX_PATHS.find((file) => existsSync(file));
  if (!nginx) throw new Error('The benchmark needs nginx: apt-get install nginx-light (.ci/setup does it).');
  const web = spawn(nginx, ['-p', folder, '-c', 'nginx.conf', '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const rpc = fork(fileURLToPath(new URL('./grpc-server.ts', import.meta.url)), {
    stdio: 'inherit',
    execPath: process.execPath,
    execArgv: [],
  });
  const ended = [web, rpc].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  const stop = async () => {
    web.kill('SIGTERM');
    rpc.kill();
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const grpcPort = await new Promise<number>((resolve, reject) => {
      rpc.once('message', (message) => resolve(Number(message)));
      rpc.once('exit', (code) => reject(new Error(`the gRPC server ended with ${code}`)));
      web.once('exit', (code) => reject(new Error(`nginx ended with ${code}`)));
    });
    await accepting(port);
    return { http: `http://127.0.0.1:${port}`, grpc: `127.0.0.1:${grpcPort}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
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
