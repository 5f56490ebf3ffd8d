// Which streams are open and which wait (RFC 9113, sections 5.1.1 and 5.1.2).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HeaderBlock } from './hpack/encoder.ts';
import { PeerSettings } from './peer-settings.ts';
import { Http2Stream, type StreamHandler, type StreamOwner } from './stream.ts';
import { StreamTable } from './stream-table.ts';

const OWNER: StreamOwner = { scheduleSender() {}, cancel() {}, credit() {} };
const HANDLER: StreamHandler = { onHeaders() {}, onData() {}, onTrailers() {}, onEnd() {}, onError() {} };
const stream = (): Http2Stream => new Http2Stream(OWNER, HANDLER, new HeaderBlock([]), false);

function makeTable(maxConcurrentStreams = Number.POSITIVE_INFINITY): { table: StreamTable; peer: PeerSettings } {
  const peer = new PeerSettings();
  peer.maxConcurrentStreams = maxConcurrentStreams;
  return { table: new StreamTable(peer), peer };
}
function open(table: StreamTable, count: number): Http2Stream[] {
  return Array.from({ length: count }, () => {
    const one = stream();
    table.add(one);
    return one;
  });
}
const idsOf = (streams: Iterable<Http2Stream>): number[] => [...streams].map(({ id }) => id).sort((a, b) => a - b);

describe('streams', () => {
  it('have odd ids that ascend and are never used again', () => {
    const { table } = makeTable();
    const [first, second] = open(table, 2);
    table.remove(first!);
    table.remove(second!);
    assert.deepEqual(idsOf(open(table, 3)), [5, 7, 9]);
  });

  it('are found by their id while they are open, in whatever order they come and go', () => {
    const { table } = makeTable();
    for (const gone of [0, 1, 2]) {
      const streams = open(table, 3);
      table.remove(streams[gone]!);
      for (const [i, one] of streams.entries())
        assert.equal(table.find(one.id), i === gone ? undefined : one, `${i} without ${gone}`);
      const kept = streams.filter((_, i) => i !== gone);
      assert.deepEqual(idsOf(table.open), idsOf(kept));
      assert.equal(table.size, 2);
      for (const one of kept) table.remove(one);
      assert.equal(table.size, 0);
    }
    assert.equal(table.find(0), undefined);
  });

  it('are idle until they have been opened, and those of a server always', () => {
    const { table } = makeTable();
    assert.equal(table.isIdle(1), true);
    const [one] = open(table, 1);
    assert.deepEqual(
      [0, 1, 2, 3, 2 ** 31 - 1].map((id) => table.isIdle(id)),
      [true, false, true, true, true],
    );
    table.remove(one!);
    assert.equal(table.isIdle(1), false);
  });
});

describe('streams that wait', () => {
  it('are taken in their order, as far as there is room, and keep later ones from passing', () => {
    const { table, peer } = makeTable(1);
    const [first] = open(table, 1);
    const [second, third] = [stream(), stream()];
    assert.equal(table.hasRoom, false);
    table.wait(second);
    table.wait(third);
    assert.equal(table.takeWaiting(), undefined);
    table.remove(first!);
    assert.equal(table.hasRoom, false, 'those who wait go first');
    assert.equal(table.takeWaiting(), second);
    table.add(second);
    assert.equal(table.takeWaiting(), undefined);
    peer.maxConcurrentStreams = 0;
    table.remove(second);
    assert.equal(table.takeWaiting(), undefined, 'the server takes none now');
    peer.maxConcurrentStreams = 5;
    assert.equal(table.takeWaiting(), third);
    assert.equal(table.hasRoom, true);
  });

  it('may leave, and are counted until then', () => {
    const { table } = makeTable(0);
    const waiting = [stream(), stream(), stream()];
    for (const one of waiting) table.wait(one);
    assert.equal(table.size, 3);
    table.leaveQueue(waiting[1]!);
    table.leaveQueue(stream());
    assert.equal(table.size, 2);
    assert.deepEqual(table.takeAll(), [waiting[0], waiting[2]]);
    assert.equal(table.size, 0);
  });
});

describe('what a server that goes away has not seen', () => {
  it('are the streams above the id it names, and all that wait', () => {
    for (const [lastId, seen] of [
      [0, []],
      [1, [1]],
      [2, [1]],
      [3, [1, 3]],
      [2 ** 31 - 1, [1, 3, 5]],
    ] as const) {
      const { table } = makeTable(3);
      open(table, 3);
      const waiting = stream();
      table.wait(waiting);
      const unseen = table.takeUnseen(lastId);
      assert.deepEqual(idsOf(table.open), seen, String(lastId));
      assert.equal(unseen.length, 4 - seen.length);
      assert.ok(unseen.includes(waiting));
      assert.equal(table.size, seen.length);
    }
  });
});
