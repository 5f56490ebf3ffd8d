// Archives that mean harm: they lead out of their folder, hold links, or are far larger than they look.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TarEntry, writeTar } from '../../script/archive/tar.ts';
import { Problem } from '../rest/problem.ts';
import { checkUpload } from './check-upload.ts';

const SCRIPT = Buffer.from('export default function () {}');
const METADATA = { type: 'js', filename: 'file:///tests/script.js', options: {}, env: {} };

function archive(more: readonly TarEntry[], metadata: object = METADATA): Buffer {
  return writeTar([
    { name: 'metadata.json', body: Buffer.from(JSON.stringify(metadata)) },
    { name: 'data', body: SCRIPT },
    { name: 'file/tests/script.js', body: Buffer.alloc(0), link: 'data' },
    ...more,
  ]);
}

function refuses(bytes: Buffer, reason: RegExp, name?: string): void {
  assert.throws(
    () => checkUpload(bytes, name),
    (error) => {
      assert.ok(error instanceof Problem, String(error));
      assert.match(error.message, reason);
      return true;
    },
  );
}

/** Changes the header of the last entry, whose checksum is right all the same. */
function forge(bytes: Buffer, at: number, text: string): Buffer {
  const forged = Buffer.from(bytes);
  // Two empty blocks end it; the entry before them is empty too.
  const header = forged.subarray(forged.length - 3 * 512, forged.length - 2 * 512);
  header.write(text, at, 'latin1');
  header.write('        ', 148);
  const sum = header.reduce((total, octet) => total + octet, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return forged;
}

test('an archive as it is made is taken, and a script in UTF-8', () => {
  assert.deepEqual(
    [checkUpload(archive([]), undefined).kind, checkUpload(archive([]), 'a.tar').fileName],
    ['archive', 'a.tar'],
  );
  assert.equal(checkUpload(SCRIPT, 'über 1.js').kind, 'script');
});

test('names that lead out are refused, in entries and in what describes them', () => {
  const body = Buffer.from('x');
  for (const name of [
    '../evil',
    'file/../../etc/cron.d/evil',
    '/etc/passwd',
    'file/a\\..\\..\\b',
    `file/${'a/'.repeat(600)}b`,
  ])
    refuses(archive([{ name, body }]), /leads out of it|too long/);
  refuses(archive([], { ...METADATA, filename: '../script.js' }), /leads out of it/);
  for (const name of ['../a.js', 'a/b.js', '.a.js', 'a\0.js', 'a'.repeat(300)])
    refuses(SCRIPT, /name of a file alone/, name);
});

test('links are refused, whatever they lead to', () => {
  for (const link of ['/etc/passwd', '../../etc/passwd', 'file/tests/script.js', 'metadata.json'])
    refuses(archive([{ name: 'file/tests/link', body: Buffer.alloc(0), link }]), /is a link to/);
  const symbolic = forge(archive([{ name: 'file/l', body: Buffer.alloc(0), link: '/etc/shadow' }]), 156, '2');
  refuses(symbolic, /is a link to "\/etc\/shadow"/);
});

test('what unpacks to far more than it holds is refused, and so are too many files', () => {
  const large = [
    { name: 'metadata.json', body: Buffer.from(JSON.stringify(METADATA)) },
    { name: 'data', body: Buffer.alloc(2 * 1024 * 1024, 32) },
  ];
  // Each is a header that shares two megabytes: 60 kB more on the wire, 240 MB on the disk.
  const copies = Array.from({ length: 120 }, (_, i) => ({ name: `file/${i}`, body: Buffer.alloc(0), link: 'data' }));
  refuses(writeTar([...large, ...copies]), /unpacks to more than 200 MB/);
  const many = Array.from({ length: 10_001 }, (_, i) => ({ name: `file/${i}`, body: Buffer.alloc(0) }));
  refuses(archive(many), /10004 entries/);
});

test('sizes that lie neither hang it nor make it read elsewhere', () => {
  const plain = archive([{ name: 'file/x', body: Buffer.alloc(0) }]);
  for (const size of ['77777777777', '-0000002000', '\x80\0\0\0\0\0\0\0\0\0\x01', 'zzzzzzzzzzz'])
    refuses(forge(plain, 124, size), /damaged/);
  refuses(plain.subarray(0, 700), /damaged|cut short|not in it|cannot be used/);
});

test('what is neither is refused, and says what it should be', () => {
  refuses(Buffer.alloc(0), /empty/);
  refuses(Buffer.from([0x1f, 0x8b, 8, 0]), /compressed/);
  refuses(Buffer.from([0xff, 0xfe, 0x00]), /neither a script in UTF-8 nor an archive/);
  refuses(Buffer.from('a\0b'), /neither a script/);
  refuses(Buffer.alloc(11 * 1024 * 1024, 32), /at most 10 MB/);
  refuses(archive([], { ...METADATA, env: { A: 1 } }), /"A" in its "env" is no text/);
  refuses(archive([], { ...METADATA, options: [] }), /its "options" is no object/);
});
