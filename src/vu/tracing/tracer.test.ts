import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FinishedSpan } from './span-writer.ts';
import { SpanWriter } from './span-writer.ts';
import { contextText, idText, makeId } from './trace-context.ts';
import { Tracer } from './tracer.ts';

/** A writer that shows what it is given. */
class Spy extends SpanWriter {
  readonly spans: FinishedSpan[] = [];

  override add(span: FinishedSpan): void {
    this.spans.push(span);
    super.add(span);
  }
}

const END = { name: 'GET', begin: 5, end: 9, problem: null, attributes: [] } as const;

test('ids are of their length, differ, and are never nothing', () => {
  const seen = new Set<string>();
  for (let index = 0; index < 2000; index++) {
    for (const words of [2, 4]) {
      const id = makeId(words);
      assert.match(idText(id), words === 2 ? /^[0-9a-f]{16}$/ : /^[0-9a-f]{32}$/);
      assert.ok(id[0] !== 0);
      seen.add(idText(id));
    }
  }
  assert.equal(seen.size, 4000);
  assert.equal(idText(Uint32Array.of(1, 0, 0xffffffff, 0x0a0b)), '0000000100000000ffffffff00000a0b');
});

test('a context is written as the standards have it', () => {
  const trace = Uint32Array.of(0x0af76519, 0x16cd43dd, 0x8448eb21, 0x1c80319c);
  const span = Uint32Array.of(0x00f067aa, 0x0ba902b7);
  for (const isSampled of [true, false]) {
    const context = { trace, traceText: idText(trace), isSampled };
    // The example of W3C Trace Context, section 3.2.3.
    assert.equal(
      contextText('w3c', context, span),
      `00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-0${isSampled ? 1 : 0}`,
    );
    assert.equal(
      contextText('jaeger', context, span),
      `0af7651916cd43dd8448eb211c80319c:00f067aa0ba902b7:0:${isSampled ? 1 : 0}`,
    );
  }
  assert.equal(new Tracer({ propagator: 'w3c', sampling: 1 }, null).header, 'Traceparent');
  assert.equal(new Tracer({ propagator: 'jaeger', sampling: 1 }, null).header, 'Uber-Trace-Id');
});

test('requests are children of their iteration, in one trace, and each carries its own id', () => {
  const spy = new Spy();
  const iteration = new Tracer({ propagator: 'w3c', sampling: 1 }, spy).begin();
  const requests = [iteration.request(1), iteration.request(2)];
  const carried = requests.map(({ text }) => text.split('-'));
  requests[1].end({ ...END, problem: 'refused' });
  requests[0].end(END);
  iteration.end({ ...END, name: 'iteration' });
  const [second, first, root] = spy.spans;
  assert.deepEqual([root.parent, root.kind, root.status, root.message], [null, 1, 0, '']);
  assert.deepEqual([first.parent, second.parent], [root.id, root.id]);
  assert.deepEqual([first.kind, first.status, first.begin], [3, 0, 1]);
  assert.deepEqual([second.status, second.message, second.begin], [2, 'refused', 2]);
  assert.deepEqual(
    carried.map(([, trace]) => trace),
    [idText(root.trace), idText(root.trace)],
  );
  assert.deepEqual(
    carried.map(([, , id]) => id),
    [idText(first.id), idText(second.id)],
  );
  assert.deepEqual(
    carried.map(([, , , flags]) => flags),
    ['01', '01'],
  );
});

test('the share of traces that are kept is all, none, or about as many as are asked for', () => {
  for (const [sampling, least, most] of [
    [1, 4000, 4000],
    [0, 0, 0],
    [0.25, 850, 1150],
  ] as const) {
    const spy = new Spy();
    const tracer = new Tracer({ propagator: 'w3c', sampling }, spy);
    for (let index = 0; index < 4000; index++) tracer.begin().end(END);
    assert.ok(spy.spans.length >= least && spy.spans.length <= most, `${spy.spans.length} at ${sampling}`);
  }
});

test('what is not kept carries a context that says so, and where nobody wants spans nothing breaks', () => {
  const iteration = new Tracer({ propagator: 'w3c', sampling: 0 }, new Spy()).begin();
  assert.match(iteration.request(0).text, /-00$/);
  const unheard = new Tracer({ propagator: 'w3c', sampling: 1 }, null).begin();
  unheard.request(0).end(END);
  unheard.end(END);
});
