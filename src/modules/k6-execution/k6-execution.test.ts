import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

test('tags of the virtual user go on what it measures; values must be plain', async () => {
  const bench = await createScriptBench(`
    import exec from 'k6/execution';
    import { check } from 'k6';
    export default () => {
      const { tags, metadata } = exec.vu.metrics;
      tags.step = 1;
      metadata.trace = 'abc';
      check(1, { a: true });
      delete tags.step;
      let refused = false;
      try { tags.bad = [1]; } catch (e) { refused = e instanceof TypeError; }
      check(1, { b: true });
      return [Object.keys(tags), 'step' in tags, refused, exec.vu.tags === tags, metadata.trace];
    };`);
  assert.deepEqual(await bench.run(), [['group'], false, true, true, 'abc']);
  assert.deepEqual(
    bench.samples.map(({ tags }) => tags['step']),
    ['1', undefined],
  );
});

test('the tags and metadata objects themselves cannot be replaced', async () => {
  const bench = await createScriptBench(`
    import exec from 'k6/execution';
    const refuses = (set) => { try { set(); return false; } catch (e) { return e instanceof TypeError; } };
    export default () => [
      refuses(() => { exec.vu.metrics.tags = {}; }),
      refuses(() => { exec.vu.metrics.metadata = {}; }),
      exec.vu.metrics.tags === exec.vu.tags,
    ];`);
  assert.deepEqual(await bench.run(), [true, true, true]);
});

test('scenario throws where there is none, and everything in init code', async () => {
  const bench = await createScriptBench("import { scenario } from 'k6/execution'; export default () => scenario.name;");
  await assert.rejects(bench.run(), /getting scenario information/);
  await assert.rejects(
    createScriptBench("import exec from 'k6/execution'; exec.vu.idInTest; export default () => {};"),
    /in the init context/,
  );
});

test('abort reaches the run and nothing after it runs, not even finally', async () => {
  const bench = await createScriptBench(`
    import exec from 'k6/execution';
    export default () => { try { exec.test.abort('enough'); } finally { console.log('never'); } };`);
  const running = bench.run();
  while (bench.control.length === 0) await new Promise((resolve) => setImmediate(resolve));
  bench.vu.interrupt();
  await assert.rejects(running);
  assert.deepEqual([bench.control, bench.logs], [['abort enough'], []]);
});

test('the options in force are frozen', async () => {
  const bench = await createScriptBench(
    "import exec from 'k6/execution'; export default () => [exec.test.options.a.b, Object.isFrozen(exec.test.options.a), exec.test.options === exec.test.options];",
    { shown: { a: { b: 1 } } },
  );
  assert.deepEqual(await bench.run(), [1, true, true]);
});

test('what belongs to an iteration cannot be asked in init code, and no part can be replaced', async () => {
  const bench = await createScriptBench(`
    import exec from 'k6/execution';
    const tried = ['vu', 'scenario', 'instance', 'test'].map((part) => { try { return typeof exec[part]; } catch { return 'throws'; } });
    export default () => [tried, ['vu', 'scenario', 'instance', 'test'].map((part) => { try { exec[part] = {}; return 'replaced'; } catch (e) { return e.name; } }), exec.vu.idInTest];`);
  assert.deepEqual(await bench.run(), [
    ['throws', 'throws', 'throws', 'object'],
    ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
    bench.vu.idInTest,
  ]);
});

test('groups are nested in the group tag that the script set on the virtual user', async () => {
  const bench = await createScriptBench(`
    import exec from 'k6/execution';
    import { check, group } from 'k6';
    export default () => {
      exec.vu.tags.group = '::shop';
      group('basket', () => check(1, { inside: true }));
      check(1, { after: true });
      delete exec.vu.tags.group;
      group('alone', () => check(1, { alone: true }));
    };`);
  await bench.run();
  const groups = bench.samples.filter(({ metric }) => metric === 'checks').map(({ tags }) => tags['group']);
  assert.deepEqual(groups, ['::shop::basket', '::shop', '::alone']);
});
