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
