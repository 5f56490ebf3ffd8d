import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { WebSocket } from 'ws';
import { descriptorOfFile, SERVICE_NAMES } from './descriptors.ts';
import { STATUS_METHODS } from './status-methods.ts';
import { startTarget, type Target } from './target.ts';

let target: Target;
let client: grpc.Client;
before(async () => {
  target = await startTarget();
  client = new grpc.Client(target.addresses.grpc, grpc.credentials.createInsecure());
});
after(async () => {
  client.close();
  await target.close();
});

const bytes = (buffer: Buffer) => buffer;

/** @returns the status that a unary call ends with, and its reply */
function call(path: string, request: Uint8Array = new Uint8Array()): Promise<{ status: number; reply: Buffer | null }> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, bytes, bytes, Buffer.from(request), (error, reply) =>
      resolve({ status: error?.code ?? 0, reply: reply ?? null }),
    );
  });
}

for (const name of ['shop', 'quickpizza'])
  test(`what reflection says of ${name} is what examples/${name}.proto says`, () => {
    const source = protobuf.parse(readFileSync(new URL(`../../examples/${name}.proto`, import.meta.url), 'utf8'), {
      keepCase: true,
    }).root;
    const told = fromBinary(FileDescriptorProtoSchema, descriptorOfFile(`${name}.proto`)!);
    const scope = source.lookup(name) as protobuf.Namespace;
    for (const service of told.service) {
      const written = scope.lookupService(service.name);
      assert.deepEqual(
        service.method.map((method) => [method.name, method.inputType, method.outputType]),
        written.methodsArray.map((method) => [
          method.name,
          `.${name}.${method.requestType}`,
          `.${name}.${method.responseType}`,
        ]),
      );
    }
    for (const message of told.messageType)
      assert.deepEqual(
        message.field.map((field) => [field.name, field.number]),
        scope.lookupType(message.name).fieldsArray.map((field) => [field.name, field.id]),
      );
    assert.equal(told.service.length + told.messageType.length + told.enumType.length, scope.nestedArray.length);
  });

test('every gRPC status can be had by its method', async () => {
  const statuses = await Promise.all(STATUS_METHODS.map((name) => call(`/shop.Statuses/${name}`)));
  assert.deepEqual(
    statuses.map(({ status }) => status),
    STATUS_METHODS.map((_, status) => status),
  );
});

test('health is told of the server, of a service, and of one that is not there', async () => {
  const ask = (service: string) =>
    call('/grpc.health.v1.Health/Check', Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)]));
  assert.deepEqual([...((await call('/grpc.health.v1.Health/Check')).reply ?? [])], [8, 1]);
  assert.deepEqual([...((await ask('shop.Counter')).reply ?? [])], [8, 1]);
  assert.equal((await ask('shop.Kitchen')).status, 5);
});

test('health can be watched', async () => {
  const stream = client.makeServerStreamRequest('/grpc.health.v1.Health/Watch', bytes, bytes, Buffer.alloc(0));
  stream.on('error', () => {});
  const first = await new Promise<Buffer>((resolve) => stream.once('data', resolve));
  assert.deepEqual([...first], [8, 1]);
  stream.cancel();
});

test('reflection lists the services, in both versions', async () => {
  for (const version of ['v1', 'v1alpha']) {
    const stream = client.makeBidiStreamRequest(
      `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      bytes,
      bytes,
    );
    // list_services: "*"
    stream.write(Buffer.from([0x3a, 1, 0x2a]));
    const answer = await new Promise<Buffer>((resolve, reject) => stream.once('data', resolve).once('error', reject));
    for (const name of SERVICE_NAMES) assert.ok(answer.includes(name), name);
    stream.end();
    await new Promise((resolve) => stream.once('end', resolve).resume());
  }
});

test('interim answers come before the answer', async () => {
  for (const status of [100, 102, 103]) {
    const seen: number[] = [];
    const final = await new Promise<number | undefined>((resolve, reject) => {
      const request = http.get(`${target.addresses.http}/status/${status}`, { agent: false }, (response) =>
        resolve(response.resume().statusCode),
      );
      request.on('information', ({ statusCode }) => seen.push(statusCode)).on('error', reject);
      request.on('continue', () => seen.push(100));
    });
    assert.equal(final, 200);
    assert.ok(seen.includes(status), `${status}: ${seen}`);
  }
});

test('a WebSocket is closed with the code that is asked for', async () => {
  for (const code of [1000, 1001, 1008, 1011, 1013, 3000, 4711, 1006, 1005]) {
    const socket = new WebSocket(`${target.addresses.ws}/close/${code}`);
    assert.equal(await new Promise((resolve) => socket.once('close', resolve)), code);
  }
});
