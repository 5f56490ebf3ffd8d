import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../test/script-bench.ts';
import { EventSource } from './event-source.ts';

type Type = 'data' | 'end';

interface Lab {
  readonly bench: ScriptBench;
  readonly source: EventSource<Type>;
  /** What the peer was told: held, or let go on. */
  readonly flow: boolean[];
  readonly thrown: () => number;
  /** Until an event's handler has returned, or would have. */
  post(type: Type, ...args: readonly unknown[]): Promise<void>;
  /** A function of the script's realm. */
  script(text: string): unknown;
  seen(): unknown[];
}

async function createLab(): Promise<Lab> {
  const bench = await createScriptBench('export default () => {};');
  await bench.run();
  const flow: boolean[] = [];
  let thrown = 0;
  const seen = bench.realm.evaluate('globalThis.seen = []') as unknown[];
  const source = new EventSource<Type>({
    vu: bench.vu,
    object: bench.realm.evaluate('({ name: "the object" })') as object,
    types: ['data', 'end'],
    flow: (isHeld) => flow.push(isHeld),
    onThrown: () => void thrown++,
  });
  return {
    bench,
    source,
    flow,
    thrown: () => thrown,
    post: (type, ...args) => new Promise((resolve) => source.post(type, () => args, resolve)),
    script: (text) => bench.realm.evaluate(`(${text})`),
    seen: () => JSON.parse(JSON.stringify(seen)) as unknown[],
  };
}

test('handlers get the object and what the event says, one after the other', async () => {
  const { source, post, script, seen } = await createLab();
  source.on('data', script('function (...args) { seen.push([this.name, ...args]); }'));
  source.on('end', script('function () { seen.push("end"); }'));
  await Promise.all([post('data', 1), post('data', 'two', 3), post('end'), post('data')]);
  assert.deepEqual(seen(), [['the object', 1], ['the object', 'two', 3], 'end', ['the object']]);
});

test('an event that nobody listens to, or is to hear of any more, passes; another handler takes the place of one', async () => {
  const { source, post, script, seen } = await createLab();
  await post('data', 1);
  source.on('data', script('(n) => seen.push("first " + n)'));
  source.on('data', script('(n) => seen.push("second " + n)'));
  await new Promise<void>((resolve) => source.post('data', () => null, resolve));
  await post('data', 2);
  assert.deepEqual(seen(), ['second 2']);
});

test('what is no event, and what is no function, is refused by its name', async () => {
  const { source, script } = await createLab();
  const fn = script('() => {}');
  for (const type of ['Data', '', 'toString', undefined, null, 5])
    assert.throws(
      () => source.on(type, fn),
      { name: 'TypeError', message: /^unknown event ".*": there are data, end$/ },
      String(type),
    );
  for (const [value, what] of [
    [null, 'null'],
    [undefined, 'undefined'],
    [{}, 'object'],
    ['code', 'string'],
  ] as const)
    assert.throws(() => source.on('data', value), { message: `the handler of data must be a function, not ${what}` });
  assert.equal(source.listener('data'), undefined);
  assert.equal(source.listener('toString'), undefined);
});

test('a peer that is faster than its handlers is held back, and let go when few are left', async () => {
  const { source, flow, post, script } = await createLab();
  source.on('data', script('() => {}'));
  const first = Array.from({ length: 255 }, () => post('data'));
  assert.deepEqual(flow, []);
  const rest = Array.from({ length: 45 }, () => post('data'));
  assert.deepEqual(flow, [true], 'once, at the 256th');
  await Promise.all([...first, ...rest]);
  assert.deepEqual(flow, [true, false]);
  await Promise.all(Array.from({ length: 256 }, () => post('data')));
  assert.deepEqual(flow, [true, false, true, false], 'and again');
});

test('a handler that throws fails the iteration once, and the next event has its turn all the same', async () => {
  const { source, thrown, post, script, seen } = await createLab();
  source.on('data', script('(n) => { seen.push(n); if (n === 1) throw new Error("in a handler"); }'));
  await Promise.all([post('data', 1), post('data', 2)]);
  await new Promise((next) => setImmediate(next));
  assert.equal(thrown(), 1);
  assert.deepEqual(seen(), [1, 2]);
});
