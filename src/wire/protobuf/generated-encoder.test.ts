import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { generateEncoder } from './generated-encoder.ts';
import { hostRealm } from './message-codec.ts';
import { ProtoRegistry, SchemaCache } from './proto-registry.ts';

const SCHEMA = `syntax = "proto3"; package a;
service S { rpc M(Order) returns (Order); }
message Order { repeated string names = 1; int32 count = 2; map<string, Order> parts = 3; }`;

function encodeGenerated(): string {
  const registry = new ProtoRegistry(new SchemaCache());
  registry.load(['/'], ['a.proto'], (file) => (file === '/a.proto' ? SCHEMA : undefined));
  const { type } = registry.method('/a.S/M')!.input;
  const { objectPrototype } = hostRealm;
  const encode = generateEncoder(type, { objectPrototype, findType: () => () => undefined });
  const bytes = Buffer.alloc(100);
  const end = encode({ names: ['x', 'yz'], count: 3, parts: { k: { count: 1 } } }, bytes, 0);
  return bytes.subarray(0, end).toString('hex');
}

function makesCodeFromStrings(): boolean {
  try {
    return new Function('return true')() as boolean;
  } catch {
    return false;
  }
}

if (isMainThread) {
  test('encoders are made and used also where code from strings is switched off, as in load workers', async () => {
    setFlagsFromString('--disallow-code-generation-from-strings');
    const [said] = (await once(new Worker(new URL(import.meta.url)), 'message')) as [unknown];
    assert.deepEqual(said, { fromStrings: false, bytes: '0a01780a02797a10031a070a016b12021001' });
  });
} else parentPort!.postMessage({ fromStrings: makesCodeFromStrings(), bytes: encodeGenerated() });
