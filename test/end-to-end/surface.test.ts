// Whatever a script for k6 can name is here: every module, function, class, member and constant.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { ROOT } from '../../scripts/root.ts';
import { createCertificates } from '../../src/demo/certificates.ts';
import { type SpawnedTarget, spawnTarget } from '../../src/demo/spawn-target.ts';
import { isK6Module } from '../../src/script/load/k6-modules.ts';
import { NO_PING } from '../servers/ping-program.ts';
import { runCommand, Scratch } from './command.ts';
import { EXPORTS, IN_INIT, IN_ITERATION, MISSING, MODULES, type SurfacePart } from './k6-surface.ts';

const scratch = new Scratch();
const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
let target: SpawnedTarget;
before(async () => {
  target = await spawnTarget();
});
after(async () => {
  await target.stop();
  sockets.close();
  scratch.remove();
});

type Name = keyof typeof MODULES;

const names = Object.keys(MODULES) as Name[];
// The one that needs a program is left to the machines that have it; CI does.
const here = names.filter((name) => !(name in MISSING) && !(name === 'icmp' && NO_PING));

test('what is listed as missing is missing, and every other module is here', () => {
  assert.deepEqual(
    names.filter((name) => isK6Module(MODULES[name]) === name in MISSING),
    [],
  );
});

test('every export, method, field and constant is here', async () => {
  const written = (parts: readonly SurfacePart[]): string =>
    parts
      .map(
        ({ of, names: list }) =>
          `look(${JSON.stringify(of)}, ${JSON.stringify(list)}, await attempt(async () => ${of}));`,
      )
      .join('\n');
  scratch.write(
    'surface.js',
    `${here.map((name) => `import ${name}Default, * as ${name}Named from '${MODULES[name]}';\nconst ${name} = ${name}Named;`).join('\n')}
     export const options = { scenarios: { all: { executor: 'shared-iterations', vus: 1, iterations: 1 } } };
     const attempt = async (read) => { try { return await read(); } catch (error) { return { failed: String(error) }; } };
     const look = (of, list, object) => {
       const absent = Object(object) === object ? list.split(' ').filter((name) => !(name in object)) : ['all of it'];
       if (absent.length > 0) console.log('LACKS ' + of + ': ' + absent.join(' ') + ' ' + (object?.failed ?? ''));
     };
     const client = new grpc.Client();
     if (__VU === 0) {
       ${here.map((name) => `look('${MODULES[name]}', '${EXPORTS[name]}', ${name}Named); look('default of ${MODULES[name]}', '${EXPORTS[name]}', ${name}Default);`).join('\n')}
       ${written(IN_INIT)}
     } else client.load(null, __ENV.PROTO);
     export default async function () {
       http.cookieJar().clear(__ENV.SHOP_HTTP);
       const response = http.post(__ENV.SHOP_HTTP + '/login', JSON.stringify({ user: 'demo', password: 'demo' }), { headers: { 'Content-Type': 'application/json' } });
       client.connect(__ENV.SHOP_GRPC, { plaintext: true });
       let socket;
       const session = ws.connect(__ENV.SOCKETS, null, (opened) => { socket = opened; opened.on('open', () => opened.close()); });
       ${written(IN_ITERATION)}
       console.log('LOOKED');
     }`,
  );
  const file = path.join(scratch.folder, 'some.txt');
  writeFileSync(file, 'text');
  const variables = {
    FILE: file,
    PROTO: path.join(ROOT, 'examples/shop.proto'),
    PEM: createCertificates(['h.test']).cert,
    SHOP_HTTP: target.addresses.http,
    SHOP_GRPC: target.addresses.grpc,
    SOCKETS: `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/`,
  };
  const flags = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const { stderr } = await runCommand(
    ['run', '-q', '--log-format', 'raw', '--secret-source', 'mock=a=b', ...flags, 'surface.js'],
    {
      cwd: scratch.folder,
    },
  );
  const lines = stderr.split('\n');
  assert.deepEqual([...new Set(lines.filter((line) => line.startsWith('LACKS')))], [], stderr);
  assert.ok(lines.includes('LOOKED'), stderr);
});
