import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

test('an iteration lasts until its timers are done; a callback may block', async () => {
  const bench = await createScriptBench(`
    import { sleep } from 'k6';
    import { setTimeout as later, clearInterval as stop } from 'k6/timers';
    export default () => {
      later((a) => { sleep(0.005); console.log('later', a); }, 2, 'x');
      later(() => console.log('after it'), 3);
      let n = 0;
      const id = setInterval(() => { if (++n === 3) { stop(id); console.log('three'); } }, 20);
      clearTimeout(setTimeout(() => console.log('never'), 1));
    };`);
  await bench.run();
  assert.deepEqual(bench.logs, ['info: later x', 'info: after it', 'info: three']);
});

test('a timer that a waiting job has held up is not run once it is cleared', async () => {
  const bench = await createScriptBench(`
    import { sleep } from 'k6';
    export default () => { const id = setTimeout(() => console.log('never'), 1); sleep(0.02); clearTimeout(id); console.log('end'); };`);
  await bench.run();
  assert.deepEqual(bench.logs, ['info: end']);
});

test('a shorter timer fires before a longer one that was set earlier; equal ones fire in order', async () => {
  const bench = await createScriptBench(`
    export default () => {
      for (const ms of [3, 1, 0, undefined, 1, 2, 0.5]) setTimeout(() => console.log(String(ms)), ms);
      const until = Date.now() + 10;
      while (Date.now() < until);
      setTimeout(() => console.log('last'), 4);
    };`);
  await bench.run();
  assert.deepEqual(
    bench.logs.map((line) => line.slice(6)),
    ['0', 'undefined', '0.5', '1', '1', '2', '3', 'last'],
  );
});

test('a cleared timer holds up none of the others', async () => {
  const bench = await createScriptBench(`
    export default () => {
      const ids = [1, 2, 3].map((ms) => setTimeout(() => { console.log(String(ms)); if (ms === 1) clearTimeout(ids[1]); }, ms));
      const first = setTimeout(() => console.log('never'), 0);
      clearTimeout(first);
      clearTimeout(first);
      clearTimeout('nothing');
    };`);
  await bench.run();
  assert.deepEqual(bench.logs, ['info: 1', 'info: 3']);
});

test('an interruption ends timers, and only functions can be given', async () => {
  const bench = await createScriptBench(`
    export default () => { setInterval(() => {}, 5); return new Promise(() => {}); };
    export const wrong = () => setTimeout('text', 1);`);
  const running = bench.run();
  await new Promise((resolve) => setImmediate(resolve));
  bench.vu.interrupt();
  await assert.rejects(running);
  await bench.vu.loop.idle();
  await assert.rejects(bench.run('wrong'), /requires a function/);
});
