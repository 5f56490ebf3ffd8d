// The descriptors that reflection hands out: of examples/shop.proto, examples/quickpizza.proto and grpc.health.v1.
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';
import { STATUS_METHODS } from './status-methods.ts';

type FileInit = MessageInitShape<typeof FileDescriptorProtoSchema>;
type FieldInit = readonly [name: string, number: number, type: string];
type MessageInit = readonly [name: string, fields: readonly FieldInit[]];
type MethodInit = readonly [name: string, input: string, output: string, isStream?: boolean];

const SCALARS: Readonly<Record<string, FieldDescriptorProto_Type>> = {
  bool: FieldDescriptorProto_Type.BOOL,
  int32: FieldDescriptorProto_Type.INT32,
  int64: FieldDescriptorProto_Type.INT64,
  string: FieldDescriptorProto_Type.STRING,
};

/** `int32`, `repeated string`, `Item`, `enum Kind`: as a field of a descriptor. */
function field(pkg: string, [name, number, written]: FieldInit) {
  const isRepeated = written.startsWith('repeated ');
  const type = written.replace(/^(?:repeated|enum) /, '');
  const label = isRepeated ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL;
  const jsonName = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const scalar = SCALARS[type];
  if (scalar !== undefined) return { name, number, label, jsonName, type: scalar };
  const kind = written.startsWith('enum ') ? FieldDescriptorProto_Type.ENUM : FieldDescriptorProto_Type.MESSAGE;
  return { name, number, label, jsonName, type: kind, typeName: `.${pkg}.${type}` };
}

function file(
  name: string,
  pkg: string,
  messages: readonly MessageInit[],
  services: Readonly<Record<string, readonly MethodInit[]>>,
  more: FileInit = {},
): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name,
    package: pkg,
    syntax: 'proto3',
    messageType: messages.map(([message, fields]) => ({ name: message, field: fields.map((one) => field(pkg, one)) })),
    service: Object.entries(services).map(([service, methods]) => ({
      name: service,
      method: methods.map(([method, input, output, serverStreaming = false]) => ({
        name: method,
        inputType: `.${pkg}.${input}`,
        outputType: `.${pkg}.${output}`,
        serverStreaming,
      })),
    })),
    ...more,
  });
}

const FILES: readonly FileDescriptorProto[] = [
  file(
    'shop.proto',
    'shop',
    [
      ['MenuRequest', [['kind', 1, 'enum Kind']]],
      [
        'Item',
        [
          ['id', 1, 'string'],
          ['name', 2, 'string'],
          ['kind', 3, 'enum Kind'],
          ['price_cents', 4, 'int32'],
          ['ingredients', 5, 'repeated string'],
        ],
      ],
      ['MenuResponse', [['items', 1, 'repeated Item']]],
      [
        'OrderRequest',
        [
          ['item', 1, 'string'],
          ['quantity', 2, 'int32'],
          ['name', 3, 'string'],
        ],
      ],
      ['FindRequest', [['id', 1, 'int64']]],
      [
        'OrderResponse',
        [
          ['id', 1, 'int64'],
          ['item', 2, 'Item'],
          ['quantity', 3, 'int32'],
          ['total_cents', 4, 'int32'],
          ['name', 5, 'string'],
        ],
      ],
      ['Nothing', []],
    ],
    {
      Counter: [
        ['Menu', 'MenuRequest', 'MenuResponse'],
        ['Order', 'OrderRequest', 'OrderResponse'],
        ['Find', 'FindRequest', 'OrderResponse'],
      ],
      Statuses: STATUS_METHODS.map((name): MethodInit => [name, 'Nothing', 'Nothing']),
    },
    {
      enumType: [
        {
          name: 'Kind',
          value: ['KIND_UNSPECIFIED', 'KIND_PIZZA', 'KIND_COFFEE'].map((name, number) => ({ name, number })),
        },
      ],
    },
  ),
  file(
    'quickpizza.proto',
    'quickpizza',
    [
      ['StatusRequest', []],
      ['StatusResponse', [['ready', 1, 'bool']]],
      [
        'PizzaRatingRequest',
        [
          ['ingredients', 1, 'repeated string'],
          ['dough', 2, 'string'],
        ],
      ],
      ['PizzaRatingResponse', [['stars_rating', 1, 'int32']]],
    ],
    {
      GRPC: [
        ['Status', 'StatusRequest', 'StatusResponse'],
        ['RatePizza', 'PizzaRatingRequest', 'PizzaRatingResponse'],
      ],
    },
  ),
  file(
    'grpc/health/v1/health.proto',
    'grpc.health.v1',
    [
      ['HealthCheckRequest', [['service', 1, 'string']]],
      ['HealthCheckResponse', [['status', 1, 'enum HealthCheckResponse.ServingStatus']]],
    ],
    {
      Health: [
        ['Check', 'HealthCheckRequest', 'HealthCheckResponse'],
        ['Watch', 'HealthCheckRequest', 'HealthCheckResponse', true],
      ],
    },
  ),
];

// The one enum that lies within a message.
FILES.at(-1)!.messageType[1]!.enumType.push(
  ...create(FileDescriptorProtoSchema, {
    enumType: [
      {
        name: 'ServingStatus',
        value: ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'].map((name, number) => ({ name, number })),
      },
    ],
  }).enumType,
);

/** Names of the services that are served, as reflection lists them. */
export const SERVICE_NAMES: readonly string[] = [
  ...FILES.flatMap((one) => one.service.map(({ name }) => `${one.package}.${name}`)),
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

/** The descriptor of a file by its name, as bytes. */
export function descriptorOfFile(name: string): Uint8Array | null {
  const found = FILES.find((one) => one.name === name);
  return found ? toBinary(FileDescriptorProtoSchema, found) : null;
}

/** The descriptor of the file that has a service, method, message or enum, by its full name. */
export function descriptorOfSymbol(symbol: string): Uint8Array | null {
  const found = FILES.find((one) => {
    const top = [...one.service, ...one.messageType, ...one.enumType].map(({ name }) => `${one.package}.${name}`);
    return top.some((name) => symbol === name || symbol.startsWith(`${name}.`));
  });
  return found ? toBinary(FileDescriptorProtoSchema, found) : null;
}
