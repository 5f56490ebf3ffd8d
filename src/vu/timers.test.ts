import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../test/script-bench.ts';

/** Runs a body that fills `seen`, which comes back when nothing of the iteration is left to do. */
async function runTimers(body: string): Promise<unknown> {
  const bench = await createScriptBench(`
    const seen = [];
    export default function () { ${body} }
    export function read() { return seen; }`);
  await bench.run();
  return bench.run('read');
}

test('a delay that is no number, negative or without end is none', async () => {
  const delays = ['NaN', '-5', '-Infinity', 'Infinity', 'undefined', 'null', '"soon"', '{}', '""', '[]', '-0', '"1"'];
  const body = delays.map((delay, index) => `setTimeout(() => seen.push(${index}), ${delay});`).join('\n');
  // That of one millisecond comes last.
  assert.deepEqual(
    await runTimers(body),
    delays.map((_, index) => index),
  );
});

test('what is given beside the delay is what the function gets, and it has no this', async () => {
  const body = `
    setTimeout(function () { seen.push([...arguments], this === undefined); }, 0, 1, 'two', { three: 3 });
    setTimeout((...args) => seen.push(args));`;
  assert.deepEqual(await runTimers(body), [[1, 'two', { three: 3 }], true, []]);
});

test('a timer that is cleared does not fire, also when it is already due; what is no timer is left alone', async () => {
  const body = `
    const second = () => clearTimeout(third);
    setTimeout(second, 1);
    const third = setTimeout(() => seen.push('third'), 1);
    clearTimeout(setTimeout(() => seen.push('cleared'), 0));
    clearInterval(setTimeout(() => seen.push('cleared by the other'), 0));
    for (const id of [undefined, null, -1, 0, 9999, NaN, 'x', {}]) { clearTimeout(id); clearInterval(id); }
    setTimeout(() => seen.push('last'), 3);`;
  assert.deepEqual(await runTimers(body), ['last']);
});

test('an interval goes on until it is cleared, by itself or another, and its arguments stay', async () => {
  const body = `
    let count = 0;
    const own = setInterval((name) => { seen.push(name); if (++count === 3) clearInterval(own); }, 1, 'tick');
    const other = setInterval(() => seen.push('never'), 100000);
    setTimeout(() => clearTimeout(other), 5);`;
  assert.deepEqual(await runTimers(body), ['tick', 'tick', 'tick']);
});

test('an iteration lasts until the timers are done that its timers set', async () => {
  const body = `
    const again = (left) => { seen.push(left); if (left > 0) setTimeout(again, 1, left - 1); };
    again(5);`;
  assert.deepEqual(await runTimers(body), [5, 4, 3, 2, 1, 0]);
});

test('numbers of timers count up, and are never 0', async () => {
  const body =
    'for (let i = 0; i < 3; i++) seen.push(setTimeout(() => {}, 0)); seen.push(setInterval(() => {}, 1)); clearInterval(seen[3]);';
  assert.deepEqual(await runTimers(body), [1, 2, 3, 4]);
});
