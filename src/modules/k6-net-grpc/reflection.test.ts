// Reflection against servers that lack what they name, answer in their own way, or have only the old version.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { Channel } from '../../wire/grpc/channel.ts';
import { Dialer } from '../../wire/net/dialer.ts';
import { ProtoRegistry, SchemaCache } from '../../wire/protobuf/index.ts';
import { type Reflected, ReflectionError, reflect } from './reflection.ts';

const file = (shape: MessageInitShape<typeof FileDescriptorProtoSchema>): FileDescriptorProto =>
  create(FileDescriptorProtoSchema, shape);

const inner = file({
  name: 'inner.proto',
  package: 't',
  syntax: 'proto3',
  messageType: [{ name: 'Inner', field: [{ name: 'name', number: 1, label: 1, type: Type.STRING }] }],
});
const main = file({
  name: 'main.proto',
  package: 't',
  syntax: 'proto3',
  dependency: ['inner.proto', 'annotations/only_options.proto'],
  messageType: [
    { name: 'M', field: [{ name: 'inner', number: 1, label: 1, type: Type.MESSAGE, typeName: '.t.Inner' }] },
  ],
  service: [{ name: 'S', method: [{ name: 'Echo', inputType: '.t.M', outputType: '.t.M' }] }],
});
const annotations = file({ name: 'annotations/only_options.proto', package: 'annotations', syntax: 'proto3' });

interface Behaviour {
  readonly files: readonly FileDescriptorProto[];
  readonly services?: readonly string[];
  readonly versions?: readonly string[];
  /** Every answer holds all files. */
  readonly together?: boolean;
}

interface Question {
  readonly which: string;
  readonly file_by_filename: string;
  readonly file_containing_symbol: string;
}

const messagesOf = (version: string): protobuf.Root =>
  protobuf.parse(
    `syntax = "proto3"; package grpc.reflection.${version};
     message Question { oneof which { string file_by_filename = 3; string file_containing_symbol = 4; string list_services = 7; } }
     message Answer { Files files = 4; Services services = 6; Refusal refusal = 7; }
     message Files { repeated bytes file = 1; }
     message Services { repeated Service service = 1; }
     message Service { string name = 1; }
     message Refusal { int32 code = 1; string message = 2; }`,
    { keepCase: true },
  ).root;

const servers: Server[] = [];
const channels: Channel[] = [];
after(() => {
  for (const channel of channels) channel.close();
  for (const server of servers) server.forceShutdown();
});

async function startServer(behaviour: Behaviour): Promise<Channel> {
  const { files, services = ['t.S'], versions = ['v1', 'v1alpha'], together = false } = behaviour;
  const bytes = new Map(files.map((one) => [one.name, Buffer.from(toBinary(FileDescriptorProtoSchema, one))]));
  const answerWith = (one: Buffer | undefined): object =>
    one ? { files: { file: together ? [...bytes.values()] : [one] } } : { refusal: { code: 5, message: 'not found' } };
  const answer = (question: Question): object => {
    switch (question.which) {
      case 'list_services':
        return { services: { service: services.map((name) => ({ name })) } };
      case 'file_containing_symbol':
        return answerWith(question.file_containing_symbol === 't.S' ? bytes.get('main.proto') : undefined);
      default:
        return answerWith(bytes.get(question.file_by_filename));
    }
  };
  const server = new Server();
  servers.push(server);
  for (const version of versions) {
    const root = messagesOf(version);
    const type = (name: string): protobuf.Type => root.lookupType(`grpc.reflection.${version}.${name}`);
    const info = {
      path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      requestStream: true,
      responseStream: true,
      requestDeserialize: (message: Buffer) => type('Question').decode(message),
      responseSerialize: (message: object) => Buffer.from(type('Answer').encode(message).finish()),
    };
    const converse = (call: ServerDuplexStream<Question, object>): void => {
      call.on('data', (question: Question) => call.write(answer(question)));
      call.on('end', () => call.end());
    };
    server.addService({ info } as never, { info: converse } as never);
  }
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const channel = await Channel.connect({
    dialer: new Dialer(),
    host: '127.0.0.1',
    port,
    tls: null,
    timeoutMs: 30_000,
    meter: { sent: 0, received: 0 },
    userAgent: 'sixfold',
  });
  channels.push(channel);
  return channel;
}

const reflectOn = async (behaviour: Behaviour): Promise<Reflected> => reflect(await startServer(behaviour), [], 5000);

function methodsIn(reflected: Reflected): string[] {
  const registry = new ProtoRegistry(new SchemaCache());
  return registry.addFileDescriptors(reflected.files).map(({ fullName }) => fullName);
}

describe('reflection', () => {
  test('collects the files of all services, each once', async () => {
    for (const together of [false, true]) {
      const reflected = await reflectOn({ files: [main, inner, annotations], together });
      assert.equal(reflected.files.length, 3);
      assert.equal(reflected.absent.size, 0);
      assert.deepEqual(methodsIn(reflected), ['/t.S/Echo']);
    }
  });

  test('does without a file that only options need, and names it', async () => {
    const reflected = await reflectOn({ files: [main, inner] });
    assert.deepEqual([...reflected.absent], [['annotations/only_options.proto', 'not found']]);
    assert.deepEqual(methodsIn(reflected), ['/t.S/Echo']);
  });

  test('takes the empty file that older servers send in its place', async () => {
    const placeholder = file({ name: 'annotations/only_options.proto', syntax: '<unknown:0>' });
    assert.deepEqual(methodsIn(await reflectOn({ files: [main, inner, placeholder] })), ['/t.S/Echo']);
  });

  test('tells which file is missing where a message needs it', async () => {
    const reflected = await reflectOn({ files: [main, annotations] });
    assert.deepEqual([...reflected.absent.keys()], ['inner.proto']);
    assert.throws(() => methodsIn(reflected), { message: 't.M.inner: the message type t.Inner is not defined' });
  });

  test('leaves a service out that is listed without a descriptor', async () => {
    const reflected = await reflectOn({
      files: [main, inner, annotations],
      services: ['t.S', 'grpc.health.v1.Health'],
    });
    assert.deepEqual([...reflected.absent], [['grpc.health.v1.Health', 'not found']]);
    assert.deepEqual(methodsIn(reflected), ['/t.S/Echo']);
  });

  test('asks in v1alpha where there is no v1', async () => {
    const reflected = await reflectOn({ files: [main, inner, annotations], versions: ['v1alpha'] });
    assert.deepEqual(methodsIn(reflected), ['/t.S/Echo']);
  });

  test('fails with the status of a server that has none', async () => {
    const channel = await startServer({ files: [], versions: [] });
    await assert.rejects(
      reflect(channel, [], 5000),
      (error) => error instanceof ReflectionError && error.status === 12 && !error.refused,
    );
  });
});
