import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventParser, type ServerEvent } from './event-parser.ts';

/** Every way to cut the text in two, and byte by byte, has to give the same events. */
function parse(text: string, most = 1000): { events: ServerEvent[]; isFine: boolean } {
  const bytes = Buffer.from(text);
  const cuts = [...Array(bytes.length + 1).keys()].map((at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  const results = [...cuts, [...bytes].map((byte) => Buffer.of(byte))].map((pieces) => {
    const events: ServerEvent[] = [];
    const parser = new EventParser(most, (event) => events.push(event));
    return { events, isFine: pieces.every((piece) => parser.push(piece)) };
  });
  for (const result of results) assert.deepEqual(result, results[0]);
  return results[0]!;
}
const shown = (text: string) => parse(text).events.map(({ id, name, data }) => [id, name, data]);

test('the examples of the standard give what it says', () => {
  assert.deepEqual(shown('data: YHOO\ndata: +2\ndata: 10\n\n'), [['', '', 'YHOO\n+2\n10']]);
  assert.deepEqual(
    shown(': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n'),
    [
      ['1', '', 'first event'],
      ['', '', 'second event'],
      ['', '', ' third event'],
    ],
  );
  assert.deepEqual(shown('data\n\ndata\ndata\n\ndata:'), [
    ['', '', ''],
    ['', '', '\n'],
  ]);
  assert.deepEqual(shown('data:test\n\ndata: test\n\n'), [
    ['', '', 'test'],
    ['', '', 'test'],
  ]);
});

test('lines end in any of three ways, a byte order mark goes, characters may be cut in two', () => {
  assert.deepEqual(shown('\ufeffevent: a\r\ndata: é€😀\r\n\r\nevent: b\rdata: x\r\revent: c\ndata: y\n\n'), [
    ['', 'a', 'é€😀'],
    ['', 'b', 'x'],
    ['', 'c', 'y'],
  ]);
});

test('an identifier stays until another comes; one with NUL, other fields and a retry that is no number are ignored', () => {
  const { events } = parse(
    'id: 7\nretry: 10\ndata: a\n\nid: x\0y\nretry: 1s\nfoo: bar\n: note\ndata: b\n\nevent: lost\n\ndata: c\n\n',
  );
  assert.deepEqual(events, [
    { id: '7', name: '', data: 'a', comment: '', retry: 10 },
    { id: '7', name: '', data: 'b', comment: 'note', retry: 10 },
    { id: '7', name: '', data: 'c', comment: '', retry: 10 },
  ]);
});

test('an event that has no end is given up', () => {
  assert.equal(parse(`data: ${'x'.repeat(50)}`, 40).isFine, false);
  assert.equal(parse(`${'data: x\n'.repeat(10)}`, 40).isFine, false);
  assert.equal(parse(`${'data: x\n\n'.repeat(10)}`, 40).isFine, true);
});

test('comments of a stream without events do not pile up', () => {
  const { events, isFine } = parse(`${': 0123456789\n\n'.repeat(30)}data: x\n\n`, 40);
  assert.equal(isFine, true);
  assert.deepEqual(
    events.map(({ comment, data }) => [comment, data]),
    [['0123456789\n0123456789\n0123456789', 'x']],
  );
});

test('comments alone may go on for ever, in lines or in blocks; a line that has no end may not', () => {
  for (const comment of [': still here\n', ': still here\n\n']) {
    const events: ServerEvent[] = [];
    const parser = new EventParser(50, (event) => events.push(event));
    for (let round = 0; round < 200; round++) assert.equal(parser.push(Buffer.from(comment)), true, `${round}`);
    assert.equal(parser.push(Buffer.from('data: x\n\n')), true);
    assert.deepEqual(
      events.map(({ data, comment: said }) => [data, said.length <= 50, said.endsWith('still here')]),
      [['x', true, true]],
    );
  }
  assert.equal(parse(`:${'x'.repeat(60)}`, 50).isFine, false);
  assert.equal(parse(`:${'x'.repeat(60)}\n`, 50).isFine, false);
});
