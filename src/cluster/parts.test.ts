import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_OCTETS, type Part, PartReader, splitMessage } from './parts.ts';

const octetsOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251);

/** @returns what a reader has made of parts, in their order */
function read(parts: readonly Part[], reader = new PartReader()): Uint8Array[] {
  return parts.flatMap(({ headers, octets }) => reader.take(headers, octets) ?? []);
}

test('a message comes out as it went in, whatever its size', () => {
  for (const [length, count] of [
    [0, 1],
    [1, 1],
    [10, 1],
    [11, 2],
    [95, 10],
  ] as const) {
    const parts = splitMessage('3', 1, octetsOf(length), 10);
    assert.equal(parts.length, count);
    assert.ok(parts.every(({ octets }) => octets.length <= 10));
    assert.deepEqual(
      read(parts).map((whole) => [...whole]),
      [[...octetsOf(length)]],
    );
  }
  assert.equal(splitMessage('3', 1, octetsOf(MOST_OCTETS)).length, 1);
});

test('parts have names that NATS knows duplicates by', () => {
  const ids = [1, 2].flatMap((number) => splitMessage('agent', number, octetsOf(25), 10).map(({ id }) => id));
  assert.deepEqual(ids, ['agent-1-0', 'agent-1-1', 'agent-1-2', 'agent-2-0', 'agent-2-1', 'agent-2-2']);
  assert.deepEqual(
    splitMessage('agent', 1, octetsOf(25), 10).map(({ id }) => id),
    ids.slice(0, 3),
  );
});

test('what comes twice counts once, parts and whole messages, at once or much later', () => {
  const [first, second] = [splitMessage('a', 1, octetsOf(25), 10), splitMessage('a', 2, octetsOf(8), 10)];
  const twice = first.flatMap((part) => [part, part]);
  assert.deepEqual(
    read([...twice, ...first, ...second, ...first, ...second]).map(({ length }) => length),
    [25, 8],
  );
});

test('a message whose beginning comes again begins again, and parts out of order are left out', () => {
  const parts = splitMessage('a', 1, octetsOf(25), 10);
  const [one, two, three] = parts as [Part, Part, Part];
  assert.deepEqual(read([two, three]), []);
  assert.equal(read([three, one, three, two, three]).length, 1);
});

test('what has no numbers is no part', () => {
  const reader = new PartReader();
  assert.equal(reader.take(undefined, octetsOf(3)), null);
  const [part] = splitMessage('a', 1, octetsOf(3));
  assert.equal(reader.take(part!.headers, part!.octets)?.length, 3);
});

test('what somebody else has put between the parts keeps no message from being read', () => {
  const reader = new PartReader((whole) => {
    if (whole.includes(255)) throw new Error('not sealed for the run');
    return whole;
  });
  const take = ({ headers, octets }: Part) => reader.take(headers, octets);
  const forged = (number: number, length: number) =>
    splitMessage('a', number, new Uint8Array(length).fill(255), 10) as [Part, ...Part[]];
  assert.throws(() => take(forged(900, 5)[0]), /not sealed/);
  const [one, two, three] = splitMessage('a', 1, octetsOf(25), 10) as [Part, Part, Part];
  // A beginning that nothing follows.
  assert.equal(take(forged(1, 15)[0]), null);
  assert.deepEqual([take(one), take(two)], [null, null]);
  assert.deepEqual([...take(three)!], [...octetsOf(25)]);
  assert.equal(take(forged(2, 15)[0]), null);
  assert.equal(take(splitMessage('a', 2, octetsOf(8), 10)[0]!)?.length, 8);
});
