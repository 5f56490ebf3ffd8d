import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { isTar, readTar, type TarEntry, writeTar } from './tar.ts';

const shown = (entries: readonly TarEntry[]) =>
  entries.map(({ name, body, link }) => [name, body.toString('latin1'), link]);
const file = (name: string, body = ''): TarEntry => ({ name, body: Buffer.from(body) });
const linked = (name: string, link: string): TarEntry => ({ name, body: Buffer.alloc(0), link });
const NAMES = [
  'a',
  'a/b.js',
  'ž'.repeat(49),
  'ž'.repeat(50),
  'x'.repeat(99),
  'x'.repeat(100),
  'x'.repeat(101),
  `${'ž'.repeat(50)}!`,
  `d/${'y'.repeat(300)}`,
  'two\nlines',
  `${'two\nlines/'.repeat(20)}end`,
  '12 path=x',
  `${'9 path=z\n'.repeat(15)}`,
];

/** An archive of others: one header and its body. */
function entry(type: string, name: string, body: Buffer, change: (header: Buffer) => void = () => {}): Buffer {
  const header = Buffer.from(writeTar([{ name, body: Buffer.alloc(0) }]).subarray(0, 512));
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  change(header);
  header.fill(' ', 148, 156);
  header.write(
    `${header
      .reduce((sum, octet) => sum + octet, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

describe('an archive', () => {
  test('gives back names of each length and script, bodies of each size, and links', () => {
    for (const name of NAMES) {
      const entries = [
        ...[0, 1, 511, 512, 513, 2000].map((size) => file(`${size}-${name}`, 'b'.repeat(size))),
        linked('l', name),
        linked(name, `to/${name}`),
        file(name, name),
      ];
      assert.deepEqual(shown(readTar(writeTar(entries))), shown(entries), JSON.stringify(name));
    }
    assert.deepEqual(readTar(writeTar([])), []);
  });

  test('is read by tar as it is by us', () => {
    const entries = [
      ...NAMES.filter((name) => !/\n/.test(name)).map((name) => file(name, `of ${name}`)),
      linked('link', `d/${'y'.repeat(300)}`),
    ];
    const bytes = writeTar(entries);
    const list = execFileSync('tar', ['--quoting-style=literal', '-tf', '-'], {
      input: bytes,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    assert.deepEqual(
      list.trimEnd().split('\n'),
      entries.map(({ name }) => name),
    );
    const long = `d/${'y'.repeat(300)}`;
    assert.equal(execFileSync('tar', ['-xOf', '-', long], { input: bytes, encoding: 'utf8' }), `of ${long}`);
  });

  test('is the same for the same entries, and known by its beginning', () => {
    const bytes = writeTar([file('a', 'b')]);
    assert.ok(writeTar([file('a', 'b')]).equals(bytes));
    assert.deepEqual(
      [isTar(bytes), isTar(bytes.subarray(0, 511)), isTar(Buffer.alloc(1024)), isTar(Buffer.from('export default 1'))],
      [true, false, false, false],
    );
  });

  test('of another program may have long names in GNU’s way, prefixes, folders, and what is said of all', () => {
    const bytes = Buffer.concat([
      entry('g', 'pax_global_header', Buffer.from('52 comment=0123456789012345678901234567890123456789\n')),
      entry('5', 'folder/', Buffer.alloc(0)),
      entry('L', '././@LongLink', Buffer.from(`${'n'.repeat(150)}\0`)),
      entry('K', '././@LongLink', Buffer.from(`${'l'.repeat(150)}\0`)),
      entry('2', 'short', Buffer.alloc(0)),
      entry('0', 'after', Buffer.from('body')),
      entry('0', 'name', Buffer.from('x'), (header) => header.write('some/prefix', 345)),
      entry('\0', 'old', Buffer.from('y')),
      entry('3', 'device', Buffer.alloc(0)),
      Buffer.alloc(1024),
    ]);
    assert.deepEqual(shown(readTar(bytes)), [
      ['n'.repeat(150), '', 'l'.repeat(150)],
      ['after', 'body', undefined],
      ['some/prefix/name', 'x', undefined],
      ['old', 'y', undefined],
    ]);
  });

  test('that is damaged or cut short is refused, at each octet of a header and each length', () => {
    const bytes = writeTar([file('name', 'b'.repeat(600)), file('x'.repeat(120), 'c')]);
    for (let at = 0; at < 512; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ 0x15;
      // What is changed to zero at the very beginning is the end of an archive.
      if (damaged[0] === 0) continue;
      // Behind the digits of the checksum there may be anything.
      if (at === 154 || at === 155) continue;
      assert.throws(() => readTar(damaged), /the archive is damaged/, `octet ${at}`);
    }
    for (const length of [1, 511, 513, 1000, 1111])
      assert.throws(() => readTar(bytes.subarray(0, length)), /damaged or cut short/, `${length}`);
    for (const body of ['x', '5', '99 path=a\n', '3 p\n', '0 path=a\n', '-5 path=a\n', 'a path=b\n', '9 pathaa\n'])
      assert.throws(
        () => readTar(Buffer.concat([entry('x', 'pax', Buffer.from(body)), entry('0', 'a', Buffer.alloc(0))])),
        /the archive is damaged/,
        body,
      );
  });
});
