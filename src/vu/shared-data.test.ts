import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { adoptSharedData, allSharedData, ElementWriter, findSharedData, keepSharedData } from './shared-data.ts';

const TEXTS = [
  '',
  'null',
  '{"a":1}',
  '"größe"',
  '"€uro 😀"',
  `"${'x'.repeat(10_000_000)}"`,
  '"\\ud800"',
  ...Array.from({ length: 5000 }, (_, i) => `{"id":${i},"ü":"${'é'.repeat(i % 50)}"}`),
];

function keep(name: string, texts: readonly string[]): void {
  const writer = new ElementWriter();
  for (const text of texts) writer.add(text);
  keepSharedData(name, writer.finish());
}

test('each element reads as it was written, whatever its characters and its length', () => {
  keep('texts', TEXTS);
  const reader = findSharedData('texts')!;
  assert.equal(reader.count, TEXTS.length);
  for (const [index, text] of TEXTS.entries()) assert.equal(reader.read(index), text);
  keep('none', []);
  assert.equal(findSharedData('none')!.count, 0);
  assert.equal(findSharedData('other'), undefined);
});

test('another thread has the same memory, not a copy of it', async () => {
  keep('before', ['"first"', '"zweite Größe"']);
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(allSharedData().filter(([name]) => name === 'before'));
  const [[[, elements]]] = (await once(port2, 'message')) as [ReturnType<typeof allSharedData>];
  port1.close();
  adoptSharedData([['after', elements]]);
  assert.equal(findSharedData('after')!.read(1), '"zweite Größe"');
  new Uint8Array(elements.chunks[0]!)[1] = 'F'.charCodeAt(0);
  assert.equal(findSharedData('before')!.read(0), '"First"');
});

test('a small array takes little memory', () => {
  const writer = new ElementWriter();
  for (let i = 0; i < 10; i++) writer.add(`{"id":${i}}`);
  const { chunks } = writer.finish();
  assert.ok(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0) <= 4096);
});
