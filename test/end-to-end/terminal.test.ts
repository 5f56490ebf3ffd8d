// What a person sees in a real terminal while a run goes on.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import { findOlderNode, Scratch } from './command.ts';
import { hasTmux, type TerminalSize, TmuxTerminal } from './tmux.ts';

const scratch = new Scratch();
after(() => scratch.remove());

const script = scratch.write(
  'script.js',
  `import { sleep } from 'k6';
   export const options = { scenarios: {
     walking: { executor: 'constant-vus', vus: 2, duration: '10m' },
     counting: { executor: 'per-vu-iterations', vus: 1, iterations: 4, exec: 'count' },
   } };
   export default function () { sleep(0.2); console.log('step ' + __ITER); }
   export function count() { sleep(0.2); }
   export function teardown() { console.log('torn down'); }`,
);
const counting = scratch.write(
  'counting.js',
  `import http from 'k6/http';
   import { sleep } from 'k6';
   export const options = { iterations: 4 };
   export default function () {
     sleep(0.2);
     if (__ITER === 2) http.get(__ENV.GATE);
     console.log('step ' + __ITER);
   }`,
);

/** Answers once it is open, so that nobody misses what is to be seen before. */
class Gate {
  readonly #server = createServer((_, response) => void this.#opened.then(() => response.end('open')));
  readonly #opened: Promise<void>;
  readonly open: () => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#opened = promise;
    this.open = resolve;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `GATE=http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const older = findOlderNode();

async function inTerminal(
  words: readonly string[],
  size: TerminalSize,
  look: (terminal: TmuxTerminal) => Promise<void>,
): Promise<void> {
  // Ctrl-C has to reach the launcher and the program that it started, where there are two.
  const terminal = new TmuxTerminal(words, size, { cwd: scratch.folder, ...(older && { node: older }) });
  try {
    await look(terminal);
  } finally {
    terminal.close();
  }
}

const has = (pattern: RegExp) => (lines: readonly string[]) => lines.some((line) => pattern.test(line));
/** The number of the last step that is to be seen; -1: none is. */
const lastStep = (lines: readonly string[]): number =>
  Math.max(-1, ...lines.map((line) => Number(/step (\d+)/.exec(line)?.[1] ?? -1)));
const count = (lines: readonly string[], pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
/** A ^C may stand in front of it. */
const ended = has(/ended \d+$/);
const skip = hasTmux || process.env['CI'] ? false : 'no tmux on this machine';

describe('a terminal', { concurrency: 2, skip }, () => {
  test('bars are drawn anew in place, log lines go above them, the summary below', async () => {
    const gate = new Gate();
    await inTerminal(['run', '-e', await gate.listen(), counting], { columns: 100, rows: 30 }, async (terminal) => {
      const during = await terminal.shows((seen) => has(/step 1/)(seen) && /^default .* 2\/4 /.test(seen.at(-1)!));
      assert.equal(count(during, /^running \(/), 1);
      assert.match(during.at(-1)!, /^default {3}\[=*>?-*\] 1\/1 VUs {2}[\d.m]+s\/10m0s {2}2\/4 /);
      gate.open();
      const end = await terminal.shows(ended);
      assert.deepEqual([count(end, /^running \(/), count(end, /^default ./), count(end, /step \d/)], [1, 1, 4]);
      const at = (pattern: RegExp) => end.findIndex((line) => pattern.test(line));
      assert.match(end[at(/^default/)]!, /^default ✓ \[=+\] 0\/1 VUs .* 4\/4 /);
      assert.ok(at(/execution: local/) < at(/step 0/) && at(/step 3/) < at(/^running/) && at(/^default/) < at(/TOTAL/));
      assert.equal(end.at(-1), 'ended 0');
    });
    gate.close();
  });

  test('Ctrl-C once: teardown, the last state, the summary, 105', () =>
    inTerminal(['run', script], { columns: 100, rows: 40 }, async (terminal) => {
      await terminal.shows(has(/step 1/));
      terminal.type('C-c');
      const end = await terminal.shows(ended);
      assert.equal(end.at(-1), 'ended 105', end.join('\n'));
      assert.equal(count(end, /torn down/), 1);
      assert.equal(count(end, /^walking +✗ \[/), 1);
      assert.ok(has(/TOTAL RESULTS/)(end) && has(/received the signal 'interrupt'/)(end));
    }));

  test('Ctrl-C twice: at once, without a summary', async () => {
    const slow = scratch.write(
      'slow.js',
      `import { sleep } from 'k6';
       export default function () { console.log('looping'); sleep(600); }
       export function teardown() { sleep(0.5); console.log('tearing down'); sleep(50); }`,
    );
    await inTerminal(['run', slow], { columns: 100, rows: 40 }, async (terminal) => {
      await terminal.shows(has(/looping +source=console/));
      terminal.type('C-c');
      await terminal.shows(has(/tearing down +source=console/));
      terminal.type('C-c');
      const end = await terminal.shows(ended);
      assert.ok(has(/ended 105$/)(end), end.join('\n'));
      assert.ok(!has(/TOTAL RESULTS/)(end));
    });
  });

  test('a terminal that gets narrower leaves no rows of old bars', () =>
    inTerminal(['run', script], { columns: 110, rows: 40 }, async (terminal) => {
      await terminal.shows(has(/^counting +✓ \[=+\]/));
      terminal.resize({ columns: 60, rows: 40 });
      await terminal.shows(has(/^walking +\[=*>?-{1,30}\]/));
      terminal.type('C-c');
      const end = await terminal.shows(ended);
      assert.deepEqual(
        [/^running \(/, /^walking/, /^counting/].map((pattern) => count(end, pattern)),
        [1, 1, 1],
        end.join('\n'),
      );
    }));

  test('forty columns, and sizes that change all the time, leave one state and no copies of it', () =>
    inTerminal(['run', script], { columns: 40, rows: 12 }, async (terminal) => {
      await terminal.shows(has(/step 1/));
      for (const [turn, columns] of [110, 40, 25, 90, 40].entries()) {
        terminal.resize({ columns, rows: turn % 2 === 0 ? 30 : 12 });
        const steps = lastStep(terminal.read());
        // Right after the change what was drawn for the old width may still be there: the next drawing puts it right.
        await terminal.shows((seen) => lastStep(seen) > steps + 1 && count(seen, /^running/) === 1);
      }
      terminal.type('C-c');
      const end = await terminal.shows(ended);
      const patterns = [/^running/, /^walking/, /^counting/];
      assert.deepEqual(
        patterns.map((pattern) => count(end, pattern)),
        [1, 1, 1],
        end.join('\n'),
      );
    }));

  test('eighteen scenarios on twenty rows, and on ten, leave one state and nothing above it', async () => {
    const many = scratch.write(
      'many.js',
      `import { sleep } from 'k6';
       export const options = { scenarios: Object.fromEntries(Array.from({ length: 18 }, (_, n) =>
         ['number_' + n + '_of_those_whose_name_is_long_too', { executor: 'shared-iterations', vus: 1, iterations: 8 }])) };
       export default function () { sleep(0.15); }`,
    );
    for (const rows of [20, 10]) {
      await inTerminal(['run', many], { columns: 60, rows }, async (terminal) => {
        const end = await terminal.shows(ended);
        assert.equal(count(end, /^running \(/), 1, end.join('\n'));
        // Each once in the announcement, and once with its bar at the end.
        assert.equal(count(end, /^number_\d\w*… ✓ \[=+\]/), 18, end.join('\n'));
        assert.equal(count(end, /^number_/), 18);
      });
    }
  });

  test('--quiet draws nothing', async () => {
    const gate = new Gate();
    gate.open();
    const words = ['run', '--quiet', '-e', await gate.listen(), counting];
    await inTerminal(words, { columns: 100, rows: 30 }, async (terminal) => {
      const end = await terminal.shows(ended);
      assert.equal(count(end, /^running|^default|execution: local/), 0);
      assert.equal(count(end, /step \d/), 4);
    });
    gate.close();
  });
});
