import assert from 'node:assert/strict';
import type { Profiler } from 'node:inspector';
import { describe, test } from 'node:test';
import vm from 'node:vm';
import { ComputingWatch, findSlices } from './computing-watch.ts';

/** A profile of stacks, each seen so many times 2 ms after the one before; `script:` names are of the script. */
function profileOf(seen: readonly (readonly [stack: string, times: number, everyMs?: number])[]): Profiler.Profile {
  const nodes: Profiler.ProfileNode[] = [];
  const nodeOf = (names: readonly string[]): Profiler.ProfileNode => {
    const name = names.at(-1)!;
    const known = nodes.find((node) => node.callFrame.scriptId === names.join('>'));
    if (known) return known;
    const node: Profiler.ProfileNode = {
      id: nodes.length + 1,
      callFrame: {
        functionName: name.replace('script:', ''),
        scriptId: names.join('>'),
        url: name.startsWith('script:') ? 'sixfold:script/0' : 'node:net',
        lineNumber: 0,
        columnNumber: 0,
      },
      children: [],
    };
    nodes.push(node);
    if (names.length > 1) nodeOf(names.slice(0, -1)).children?.push(node.id);
    return node;
  };
  nodeOf(['(root)']);
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  for (const [stack, times, everyMs = 2] of seen) {
    const { id } = nodeOf(['(root)', ...stack.split('>')]);
    for (let time = 0; time < times; time++) {
      samples.push(id);
      timeDeltas.push(everyMs * 1000);
    }
  }
  return { nodes, samples, timeDeltas, startTime: 0, endTime: 0 };
}

const shown = (profile: Profiler.Profile) =>
  findSlices(profile).map(({ slice, endMs }) => [
    slice.outermost.callFrame.functionName,
    slice.busiest.callFrame.functionName,
    slice.ms,
    endMs,
  ]);

describe('slices of a profile', () => {
  test('are stretches of the script alone, with the frame that had most of them', () => {
    const profile = profileOf([
      ['onRead', 5],
      ['onRead>script:main', 10],
      ['onRead>script:main>script:burn', 20],
      ['onRead>script:main>script:burn>Math.sqrt', 20],
      ['(garbage collector)', 2],
      ['onRead', 5],
      ['onRead>script:main', 10],
    ]);
    assert.deepEqual(shown(profile), [['main', 'burn', 102, 114]]);
  });

  test('are none where the script gives way in between, or where the thread had no processor', () => {
    const many = Array.from({ length: 20 }, () => [['script:main', 20] as const, ['onRead', 1] as const]).flat();
    assert.deepEqual(shown(profileOf(many)), []);
    assert.deepEqual(shown(profileOf([['script:main', 3, 60]])), []);
  });
});

test('a thread that computes is looked at, and the function and its scenario are named', async () => {
  const burn = new vm.Script(
    '(function burn(until) { let x = 0; while (Date.now() < until()) x = Math.sqrt(x + 1); return x; })',
    {
      filename: 'sixfold:script/0',
    },
  ).runInThisContext() as (until: () => number) => number;
  const watch = new ComputingWatch(
    {
      scenarios: [
        { name: 'web', exec: 'web' },
        { name: 'calc', exec: 'burn' },
      ],
      locate: (functionName, file, line) => ({ functionName, file, line }),
    },
    0,
  );
  watch.onPeriod(110, 100);
  watch.onPeriod(300, 100);
  const begun = performance.now();
  while (performance.now() - begun < 1100) {
    await new Promise((resolve) => setImmediate(resolve));
    const end = Date.now() + 150;
    burn(() => end);
    watch.onPeriod(150, 100);
  }
  await new Promise((resolve) => setImmediate(resolve));
  const [place, ...others] = watch.read();
  assert.deepEqual(others, []);
  assert.ok(place);
  assert.deepEqual(
    [place.functionName, place.file, place.line, place.scenario],
    ['burn', 'sixfold:script/0', 1, 'calc'],
  );
  assert.ok(place.longestMs >= 50 && place.times >= 1, JSON.stringify(place));
});

test('a thread that is late once in a while, and does not compute, is none', async () => {
  const watch = new ComputingWatch({ scenarios: [], locate: () => null });
  watch.onPeriod(149, 100);
  assert.deepEqual(watch.read(), []);
});
