// A server that sends without end meets a virtual user that has no time for it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

const PROTO = `syntax = "proto3"; package t; message M { string text = 1; }
service S { rpc Flood(M) returns (stream M); rpc Deaf(stream M) returns (M); }`;
/** A message of three octets behind its prefix of five. */
const SMALL = Buffer.from([0, 0, 0, 0, 3, 10, 1, 0x61]);
const COUNT = 400_000;

let server: http2.Http2Server;
let folder = '';
let taken = 0;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'grpc-backpressure-'));
  writeFileSync(path.join(folder, 't.proto'), PROTO);
  const piece = Buffer.concat(Array<Buffer>(2000).fill(SMALL));
  server = http2.createServer();
  server.on('stream', (stream: http2.ServerHttp2Stream, headers) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    if (headers[':path'] === '/t.S/Deaf') return;
    const go = (): void => {
      while (!stream.destroyed && taken < COUNT) {
        taken += 2000;
        if (!stream.write(piece)) {
          stream.once('drain', go);
          return;
        }
      }
      stream.end();
    };
    go();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const script = (body: string): string => `
  import grpc from 'k6/net/grpc';
  import { sleep } from 'k6';
  const client = new grpc.Client();
  client.load(['.'], 't.proto');
  export default function () {
    client.connect('127.0.0.1:${(server.address() as AddressInfo).port}', { plaintext: true });
    ${body}
  }`;

test('the server waits while the virtual user does, and every message arrives in the end', async () => {
  const bench = await createScriptBench(
    script(`
      const state = globalThis.state = { got: 0, ended: false, errors: 0 };
      const stream = new grpc.Stream(client, 't.S/Flood');
      stream.on('data', (m) => { if (m.text !== 'a') state.errors++; state.got++; });
      stream.on('error', () => state.errors++);
      stream.on('end', () => { state.ended = true; client.close(); console.log(JSON.stringify(state)); });
      stream.write({});
      sleep(0.7);
      console.log('slept');`),
    {},
    folder,
  );
  let takenAsleep = 0;
  const push = bench.logs.push.bind(bench.logs);
  bench.logs.push = (...lines) => {
    if (lines[0] === 'info: slept') takenAsleep = taken;
    return push(...lines);
  };
  await bench.run();
  assert.ok(takenAsleep < COUNT, 'the server had sent everything while nobody listened');
  assert.deepEqual([...bench.logs], ['info: slept', `info: {"got":${COUNT},"ended":true,"errors":0}`]);
});

test('messages that no server takes end the stream before they fill the memory', async () => {
  const bench = await createScriptBench(
    script(`
      const stream = new grpc.Stream(client, 't.S/Deaf');
      stream.on('error', (e) => console.log(e.code + ' ' + e.message));
      stream.on('end', () => client.close());
      const text = 'x'.repeat(1000000);
      for (let i = 0; i < 100; i++) stream.write({ text });`),
    {},
    folder,
  );
  await bench.run();
  assert.match(bench.logs.join(), /^info: 8 trying to send more than the server takes/);
});
