import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { REDACTED } from './redactor.ts';
import { SecretStore } from './secret-store.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-secrets-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

function refuses(specifications: readonly string[], pattern: RegExp, exitCode: number = EXIT.other): void {
  assert.throws(
    () => new SecretStore(specifications),
    (error: unknown) => error instanceof ExitError && error.exitCode === exitCode && pattern.test(error.message),
    String(pattern),
  );
}

test('a file holds key=value lines; a value has the rest of its line', async () => {
  const file = write('plain.txt', '\ufeffa=1=2\r\n  b = spaced \nempty=\n');
  for (const specification of [`file=${file}`, `file=filename=${file}`, `file=default,filename=${file}`]) {
    const store = new SecretStore([specification]);
    assert.equal(await store.get(null, 'a'), '1=2');
    assert.equal(await store.get('default', '  b '), ' spaced ');
    assert.equal(await store.get(null, 'empty'), '');
  }
});

test('a file that cannot be used is refused with its line, which is not shown', () => {
  refuses([`file=${folder}/none.txt`], /there is no file .*none\.txt/);
  refuses([`file=${folder}`], /is a folder/);
  refuses([`file=${write('comment.txt', 'a=1\n# s3cret\n')}`], /comment\.txt:2: .* has no =$/);
  refuses([`file=${write('gap.txt', 'a=1\n\nb=2\n')}`], /gap\.txt:2: .* is empty$/);
  refuses([`file=${write('nokey.txt', '=s3cret')}`], /nokey\.txt:1: .* has no key$/);
  refuses(['file'], /takes one file/);
  refuses(['file=a.txt,b.txt'], /takes one file/);
});

test('each source answers by its name, and the default one without', async () => {
  const store = new SecretStore(['mock=default,name=first,cool=one', 'mock=name=second,cool=two']);
  assert.deepEqual(
    await Promise.all([
      store.get(null, 'cool'),
      store.get('first', 'cool'),
      store.get('second', 'cool'),
      store.get('default', 'cool'),
    ]),
    ['one', 'one', 'two', 'one'],
  );
  // Without a mark it is the one without a name.
  assert.equal(await new SecretStore(['mock=name=a,k=1', 'mock=k=2']).get(null, 'k'), '2');
  // And the only one is it by all means.
  assert.equal(await new SecretStore(['mock=name=a,k=1']).get(null, 'k'), '1');
});

test('what is asked in vain is said', async () => {
  const says = (store: SecretStore, source: string | null, key: string, pattern: RegExp) =>
    assert.rejects(store.get(source, key), { message: pattern });
  await says(new SecretStore(), null, 'k', /no source of secrets: name one with --secret-source/);
  const two = new SecretStore(['mock=name=first,k=1', 'mock=name=second,k=2']);
  await says(two, null, 'k', /none of the 2 sources .*first, second/);
  await says(two, 'frist', 'k', /no source of secrets "frist" \(did you mean "first"\?\)/);
  await says(new SecretStore(['mock=pasword=x']), null, 'password', /no secret "password" .*did you mean "pasword"/);
});

test('descriptions that make no sense are refused, and show no value', () => {
  refuses([''], /needs the type/);
  refuses(['flie=x'], /no type of source "flie" \(did you mean "file"\?\)/);
  refuses(['cloud'], /cloud/, EXIT.invalidConfig);
  refuses(['mock=a=1,s3cret'], /^(?!.*s3cret).*item 2 has no key/);
  refuses(['mock=a=1', 'mock=b=1'], /two sources without a name/);
  refuses(['mock=name=x,a=1', 'mock=name=x,b=1'], /two sources "x"/);
  refuses(['mock=name=x,default', 'mock=name=y,default'], /two sources are marked/);
  refuses(['mock=name=,a=1'], /name of a source of the type mock is empty/);
});

test('what was handed out is redacted, and nothing else', async () => {
  const store = new SecretStore(['mock=a=alpha-1,b=beta-22']);
  assert.equal(store.redactor.redact('alpha-1 beta-22'), 'alpha-1 beta-22');
  await store.get(null, 'a');
  assert.equal(store.redactor.redact('alpha-1 beta-22'), `${REDACTED} beta-22`);
});
