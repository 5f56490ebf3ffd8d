// What protoc refuses is refused, at the same line and column.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SchemaError } from '../../src/wire/protobuf/schema/message-type.ts';
import { schemaFromSources } from '../../src/wire/protobuf/schema/proto-source.ts';
import { APIS, runProtoc, skipWithoutProtoc } from './protoc.ts';
import { IMPORTED, REFUSED } from './refused-files.ts';

describe('a file that protoc refuses', { skip: skipWithoutProtoc }, () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sixfold-refused-'));
    for (const [name, text] of Object.entries(IMPORTED)) writeFileSync(path.join(folder, name), text);
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [what, { text, at }] of Object.entries(REFUSED))
    test(`for ${what} is refused at the same place`, () => {
      writeFileSync(path.join(folder, 'x.proto'), text);
      const { error } = runProtoc([folder, APIS], ['x.proto']);
      const read = (file: string): string | undefined => {
        const found = path.join(folder, file);
        return existsSync(found) ? readFileSync(found, 'utf8') : undefined;
      };
      let own = '';
      try {
        schemaFromSources([''], ['x.proto'], read);
      } catch (thrown) {
        assert.ok(thrown instanceof SchemaError, String(thrown));
        own = thrown.message;
      }
      const place = /^x\.proto:(\d+:\d+): /;
      assert.match(error, /^x\.proto:/, 'protoc takes it');
      assert.equal(place.exec(own)?.[1], at ?? place.exec(error)?.[1], `${own} | ${error}`);
    });
});
