// A run without a terminal: what its observers hear, in which order, and what each command does at each moment.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EXIT, type ExitError } from '../exit/exit-error.ts';
import { STATUS } from './run-control.ts';
import type { RunObserver, RunResult } from './run-observer.ts';
import type { RunRequest } from './run-request.ts';
import { RunSession } from './run-session.ts';

interface Performed {
  readonly session: RunSession;
  readonly result: RunResult;
  /** Names of events and what is told of them, in their order. */
  readonly heard: string[];
}

/** Runs the source of a script to its end, and writes down what is told. */
async function perform(
  source: string,
  request: Partial<RunRequest> = {},
  observe: (session: () => RunSession) => RunObserver = () => ({}),
): Promise<Performed> {
  const heard: string[] = [];
  const writer: RunObserver = {
    onFiles: () => void heard.push('files'),
    onReady: () => void heard.push('ready'),
    onState: (state) => void heard.push(state),
    onLog: (level, message, { source: from }) => void heard.push(`${from ?? level}: ${message}`),
    onDrain: async () => void heard.push('drain'),
    onConclude: () => {
      heard.push('conclude');
      return null;
    },
    onEnd: ({ exitCode }) => void heard.push(`end ${exitCode}`),
  };
  const session: RunSession = new RunSession({ script: '-', source, workers: 1, ...request }, [
    writer,
    observe(() => session),
  ]);
  return { session, result: await session.run(), heard };
}

const SAYING = `
  export const options = { iterations: 1 };
  export function setup() { console.log('setup'); return 'data'; }
  export default function (data) { console.log('iteration ' + data); }
  export function teardown(data) { console.log('teardown ' + data); }`;

/** Until somebody ends it. */
const ENDLESS = `
  import { sleep } from 'k6';
  export const options = { vus: 2, duration: '1h' };
  export default function () { sleep(0.01); }
  export function teardown() { console.log('teardown'); }`;

test('events come in one order: what is known, what happens, what is left, the end', async () => {
  const { heard, result } = await perform(SAYING);
  assert.deepEqual(heard, [
    'files',
    'files',
    'ready',
    'initialising',
    'setup',
    'console: setup',
    'running',
    'console: iteration data',
    'teardown',
    'console: teardown data',
    'ended',
    'drain',
    'conclude',
    'end 0',
  ]);
  assert.deepEqual([result.exitCode, result.reason, result.setupData], [0, null, 'data']);
});

test('a session runs once', async () => {
  const { session } = await perform(SAYING);
  await assert.rejects(session.run(), /runs once/);
});

test('sessions after one another know nothing of each other', async () => {
  const count = `
    import { Counter } from 'k6/metrics';
    const mine = new Counter('mine');
    export const options = { iterations: 3 };
    let own = 0;
    export default function () { mine.add(1); own++; if (own > 3) throw new Error('it is another run that counted'); }`;
  for (let i = 0; i < 2; i++) {
    const { result, session } = await perform(count);
    assert.deepEqual([result.iterations.completed, result.iterations.failed], [3, 0]);
    const mine = session.metrics().find(({ key }) => key === 'mine');
    assert.ok(mine?.sink.type === 'counter');
    assert.equal(mine.sink.count, 3);
  }
});

describe('what is wrong before any load', () => {
  const refusals: readonly (readonly [what: string, source: string, code: number, message: RegExp])[] = [
    ['a script that cannot be read', 'export default function () {', EXIT.scriptException, /SyntaxError/],
    ['init code that throws', 'throw new Error("init"); export default () => {};', EXIT.scriptException, /init/],
    ['no function at all', 'export const options = {};', EXIT.other, /no exported functions in script/],
    [
      'a setup that is none',
      'export const setup = 1; export default () => {};',
      EXIT.other,
      /'setup' must be a function/,
    ],
    [
      'options that are none',
      'export const options = 5; export default () => {};',
      EXIT.invalidConfig,
      /must be an object/,
    ],
    [
      'a scenario without its function',
      'export const options = { scenarios: { a: { executor: "shared-iterations", exec: "x" } } }; export default () => {};',
      EXIT.invalidConfig,
      /function 'x' not found/,
    ],
    [
      'a threshold that cannot be read',
      'export const options = { thresholds: { http_reqs: ["rate>>1"] } }; export default () => {};',
      EXIT.invalidConfig,
      /rate>>1/,
    ],
    [
      'a scenario that waits for orders where nobody gives any',
      'export const options = { scenarios: { a: { executor: "externally-controlled", maxVUs: 1 } } }; export default () => {};',
      EXIT.invalidConfig,
      /nobody can control this run/,
    ],
  ];
  for (const [what, source, exitCode, message] of refusals)
    test(`${what} rejects with ${exitCode}, and no observer hears of readiness or an end`, async () => {
      const heard: string[] = [];
      const observer: RunObserver = {
        onReady: () => void heard.push('ready'),
        onState: (state) => void heard.push(state),
        onEnd: () => void heard.push('end'),
      };
      const session = new RunSession({ script: '-', source, workers: 1 }, [observer]);
      await assert.rejects(
        session.run(),
        (error: ExitError) => error.exitCode === exitCode && message.test(error.message),
      );
      assert.deepEqual(heard, []);
      assert.equal(session.status().isRunning, false);
    });
});

test('an observer that is not ready ends the run before any load; those before it are let go', async () => {
  const heard: string[] = [];
  const before: RunObserver = {
    onReady: () => void heard.push('ready'),
    onDrain: async () => {
      heard.push('drain');
      throw new Error('and this one fails at that');
    },
  };
  const broken: RunObserver = {
    onReady: async () => {
      throw new Error('no room');
    },
  };
  const after: RunObserver = { onReady: () => void heard.push('after'), onDrain: async () => void heard.push('after') };
  const session = new RunSession({ script: '-', source: SAYING, workers: 1 }, [before, broken, after]);
  await assert.rejects(session.run(), /no room/);
  assert.deepEqual(heard, ['ready', 'drain']);
});

test('an observer that loses something says so in the result, and the others still get their turn', async () => {
  const { result, heard } = await perform(SAYING, {}, () => ({
    name: 'the sink',
    onDrain: async () => {
      throw new Error('its pipe is gone');
    },
  }));
  assert.ok(heard.includes('error: the sink is not complete: its pipe is gone'));
  assert.deepEqual(
    result.concerns.filter(({ kind }) => kind === 'lost-samples').map(({ text }) => text),
    ['the sink is not complete: its pipe is gone'],
  );
  assert.equal(heard.at(-1), 'end 0');
});

test('an observer may fail a run that nothing else fails, as a threshold would', async () => {
  const { result } = await perform(SAYING, {}, () => ({ onConclude: () => 'it was slower than before' }));
  assert.deepEqual([result.exitCode, result.reason], [EXIT.thresholdsFailed, 'it was slower than before']);
});

describe('commands', () => {
  test('a stop over the API interrupts, tears down and ends with 103; only the first reason counts', async () => {
    const { result, heard, session } = await perform(ENDLESS, {}, (get) => ({
      onSnapshot: ({ state }) => {
        if (state !== 'running') return;
        get().stop();
        get().interrupt({ exitCode: EXIT.interrupted, message: 'too late' });
      },
    }));
    assert.equal(result.exitCode, EXIT.stoppedOverApi);
    assert.match(result.reason!, /stopped through the REST API/);
    assert.ok(heard.indexOf('console: teardown') > heard.indexOf('running'));
    const { isStopped, isRunning, status } = session.status();
    assert.deepEqual(
      { isStopped, isRunning, status },
      { isStopped: true, isRunning: false, status: STATUS.interrupted },
    );
  });

  test('a stop before the script is loaded rejects, and leaves nothing that waits', async () => {
    const session = new RunSession({ script: '-', source: ENDLESS, workers: 2 });
    session.interrupt({ exitCode: EXIT.interrupted, message: 'at once' });
    await assert.rejects(session.run(), { exitCode: EXIT.interrupted, message: 'at once' });
  });

  test('a stop between loading and the first iteration begins nothing', async () => {
    const { result, heard } = await perform(SAYING, {}, (get) => ({
      onReady: () => get().interrupt({ exitCode: EXIT.interrupted, message: 'not now' }),
    }));
    assert.equal(result.exitCode, EXIT.interrupted);
    assert.equal(result.iterations.completed, 0);
    assert.deepEqual(
      heard.filter((line) => line.startsWith('console')),
      [],
    );
  });

  test('a paused test waits before setup, and a resume lets it start', async () => {
    const { result, heard } = await perform(
      SAYING.replace('iterations: 1', 'iterations: 1, paused: true'),
      { isControlled: true },
      (get) => ({
        onState: (state) => {
          if (state !== 'paused') return;
          assert.deepEqual([get().status().status, get().status().isPaused], [STATUS.pausedBeforeRun, true]);
          setImmediate(() => get().resume());
        },
      }),
    );
    assert.equal(result.iterations.completed, 1);
    assert.ok(heard.indexOf('paused') < heard.indexOf('setup'));
    assert.doesNotMatch(heard.join(), /nobody can let it start/);
  });

  test('a paused test that nobody can start says so', async () => {
    const { heard } = await perform(SAYING.replace('iterations: 1', 'iterations: 1, paused: true'), {}, (get) => ({
      onState: (state) => {
        if (state === 'paused') get().stop();
      },
    }));
    assert.match(heard.join('\n'), /^warning: the test is paused, and nobody can let it start/m);
  });

  test('steering of what does not go is an error, and changes nothing', async () => {
    const problems: string[] = [];
    const attempt = (work: () => void): void => {
      try {
        work();
        problems.push('none');
      } catch (error) {
        problems.push((error as Error).message);
      }
    };
    await perform(ENDLESS, {}, (get) => ({
      onReady: () => attempt(() => get().pause()),
      onSnapshot: ({ state }) => {
        if (state !== 'running' || problems.length > 1) return;
        attempt(() => get().resume());
        attempt(() => get().scale({ vus: 3 }));
        attempt(() => get().replaceSetupData('{'));
        get().stop();
      },
    }));
    assert.deepEqual(
      problems.map((text) => text.split(/[:"]/)[0]!.trim()),
      [
        'only a test whose scenarios run can be paused',
        'the test is not paused',
        'the virtual users can only be changed while a scenario with the executor',
        'the setup data is no JSON',
      ],
    );
  });

  test('virtual users are scaled within their limits, and the status tells at once what counts', async () => {
    const seen: unknown[] = [];
    const { result } = await perform(
      `import { sleep } from 'k6';
       export const options = { scenarios: { a: { executor: 'externally-controlled', vus: 1, maxVUs: 2 } } };
       export default function () { sleep(0.01); }`,
      { isControlled: true },
      (get) => ({
        onSnapshot: ({ state, activeVus }) => {
          if (state !== 'running') return;
          const session = get();
          if (activeVus === 5) {
            session.stop();
            return;
          }
          for (const change of [{ vus: 3 }, { vus: -1 }, { vus: 1.5 }, { maxVus: 0 }])
            assert.throws(() => session.scale(change), /can't be more than vus-max|whole number from 0 on/);
          session.scale({ vus: 5, maxVus: 20 });
          seen.push(session.status().vusMax);
        },
      }),
    );
    assert.equal(seen[0], 20);
    assert.equal(result.exitCode, EXIT.stoppedOverApi);
  });
});

describe('the exit code', () => {
  const codeOf = async (body: string, options = '{ iterations: 1 }', request: Partial<RunRequest> = {}) =>
    (await perform(`import exec from 'k6/execution'; export const options = ${options}; ${body}`, request)).result;

  test('is that of whatever went wrong first', async () => {
    const abort = await codeOf(`export default () => exec.test.abort('enough');`);
    assert.deepEqual([abort.exitCode, abort.reason], [EXIT.scriptAborted, 'test aborted: enough']);
    assert.equal((await codeOf(`export default () => exec.test.fail('bad');`)).exitCode, EXIT.markedFailed);
    const thrown = await codeOf(`export function setup() { throw new Error('s'); } export default () => {};`);
    assert.equal(thrown.exitCode, EXIT.scriptException);
    const late = await codeOf(
      `import { sleep } from 'k6'; export function setup() { sleep(60); } export default () => {};`,
      `{ iterations: 1, setupTimeout: '50ms' }`,
    );
    assert.equal(late.exitCode, EXIT.setupTimeout);
  });

  test('is 99 for a threshold, wherever the load went well, and 0 without thresholds', async () => {
    const body = 'export default () => {};';
    const options = `{ iterations: 1, thresholds: { iterations: ['count>5'] } }`;
    const crossed = await codeOf(body, options);
    assert.deepEqual([crossed.exitCode, crossed.crossed], [EXIT.thresholdsFailed, ['iterations']]);
    assert.equal((await codeOf(body, options, { noThresholds: true })).exitCode, EXIT.ok);
  });

  test('is 120 where nothing was done, if that is asked for', async () => {
    const body = `export default () => { throw new Error('each'); };`;
    assert.equal((await codeOf(body)).exitCode, EXIT.ok);
    const strict = await codeOf(body, '{ iterations: 2 }', { strict: true });
    assert.equal(strict.exitCode, EXIT.workNotDone);
    assert.deepEqual([strict.iterations.completed, strict.iterations.failed], [2, 2]);
    assert.match(strict.iterations.firstFailure!, /each/);
  });
});

test('two threads whose init code makes different metrics of one name end the run in words, and what was measured stands', async () => {
  const source = `
    import { sleep } from 'k6';
    import { Counter, Trend } from 'k6/metrics';
    const mine = __VU === 0 ? null : __VU % 2 ? new Counter('mine') : new Trend('mine');
    export const options = { vus: 2, duration: '1h' };
    export default function () { mine.add(1); sleep(0.01); }
    export function teardown() { console.log('teardown'); }`;
  const { heard, result } = await perform(source, { workers: 2 });
  assert.equal(result.exitCode, EXIT.scriptException);
  assert.match(
    result.reason!,
    /metric 'mine' already exists but with type (?:counter|trend), instead of (?:counter|trend)/,
  );
  assert.ok(heard.includes('console: teardown'), heard.join());
  assert.ok(result.engine.find('mine')!.sink.isEmpty === false);
});
