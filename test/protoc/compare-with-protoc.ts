// Holds files of Google's public APIs against what protoc makes of them.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { schemaFromDescriptors } from '../../src/wire/protobuf/schema/descriptor-schema.ts';
import { splitDescriptorSet } from '../../src/wire/protobuf/schema/file-descriptor.ts';
import type { Field, MethodType, Schema } from '../../src/wire/protobuf/schema/message-type.ts';
import { schemaFromSources } from '../../src/wire/protobuf/schema/proto-source.ts';
import { APIS, runProtoc, skipWithoutProtoc } from './protoc.ts';

const BATCH = 400;
/** Of the files one in so many is compared, with all that it imports; `npm run proofs` compares every one. */
const ONE_IN = process.env['SIXFOLD_PROOFS'] === 'whole' ? 1 : 10;
const SEED = Number(process.env['SIXFOLD_FUZZ_SEED'] ?? 1);

const texts = new Map<string, string | undefined>();
function read(file: string): string | undefined {
  if (!texts.has(file)) texts.set(file, existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  return texts.get(file);
}

/** As text: comparing millions of fields as objects takes minutes. */
const fieldsOf = (fields: readonly Field[]): string =>
  fields
    .map(({ enumType, messageType, ...field }) =>
      JSON.stringify({ ...field, enumType: enumType?.fullName, messageType: messageType?.fullName }),
    )
    .join('\n');

const methodsOf = ({ methods }: Schema): string =>
  methods
    .map(({ fullName, input, output, clientStreaming, serverStreaming }: MethodType) =>
      [fullName, input.fullName, output.fullName, clientStreaming, serverStreaming].join(' '),
    )
    .sort()
    .join('\n');

function assertSame(ours: Schema, theirs: Schema): void {
  const namesOf = (types: ReadonlyMap<string, unknown>): string => [...types.keys()].sort().join('\n');
  assert.equal(namesOf(ours.messages), namesOf(theirs.messages));
  assert.equal(namesOf(ours.enums), namesOf(theirs.enums));
  for (const [name, { fields }] of theirs.messages)
    assert.equal(fieldsOf(ours.messages.get(name)!.fields), fieldsOf(fields), name);
  for (const [name, { numbers, first }] of theirs.enums) {
    const own = ours.enums.get(name)!;
    assert.equal(String([own.first, ...own.numbers]), String([first, ...numbers]), name);
  }
  assert.equal(methodsOf(ours), methodsOf(theirs));
}

/**
 * Declares the tests.
 * @param wanted which of the files, by their path
 * @param atLeast how many files there are
 */
export function compareWithProtoc(what: string, wanted: (file: string) => boolean, atLeast: number): void {
  describe(what, { skip: skipWithoutProtoc }, () => {
    let files: string[] = [];
    before(() => {
      // google/protobuf holds the tests of protobuf itself, some in editions that Debian's protoc does not know.
      files = globSync('{google,grafeas}/**/*.proto', { cwd: APIS })
        .filter((file) => !file.startsWith('google/protobuf/') && wanted(file))
        .sort();
    });

    test('means what it means to protoc', () => {
      assert.ok(files.length >= atLeast, `${files.length} files`);
      const chosen = files.filter((_, i) => i % ONE_IN === SEED % ONE_IN);
      for (let i = 0; i < chosen.length; i += BATCH) {
        const batch = chosen.slice(i, i + BATCH);
        const { descriptorSet, error } = runProtoc([APIS], batch);
        assert.ok(descriptorSet, error);
        assertSame(schemaFromSources([APIS], batch, read), schemaFromDescriptors(splitDescriptorSet(descriptorSet)));
      }
    });
  });
}
