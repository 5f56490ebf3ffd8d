// Pictures of the terminal, to be looked at after CI: what a person sees during a run and at its end, wide, narrow and without colours.
// They lie in the folder `pictures`.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { drawScreen, readScreen, textOf } from '../../scripts/draw-terminal.ts';
import { ROOT } from '../../scripts/root.ts';
import { findOlderNode, Scratch } from './command.ts';
import { hasTmux, type TerminalSize, TmuxTerminal } from './tmux.ts';

const PICTURES = path.join(ROOT, 'pictures');
const scratch = new Scratch();
/** By the name of a run what lets it go on, past the moment that its picture shows. */
const gates = new Map<string, PromiseWithResolvers<void>>();
const server = createServer((request, response) => {
  response.statusCode = request.url === '/bad' ? 503 : 200;
  const gate = gates.get(request.url!.slice(1));
  void (gate?.promise ?? Promise.resolve()).then(() => response.end('x'));
});
let script = '';
const older = findOlderNode();
const skip = hasTmux || process.env['CI'] ? false : 'no tmux on this machine';
/** Escape sequences of colours. */
const COLOURED = /\x1b\[[\d;]*[1-9][\d;]*m/;

before(async () => {
  mkdirSync(PICTURES, { recursive: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  script = scratch.write(
    'orders.js',
    `import http from 'k6/http';
     import exec from 'k6/execution';
     import { check, sleep } from 'k6';
     export const options = {
       scenarios: {
         customers: { executor: 'shared-iterations', vus: 3, iterations: 9 },
         a_scenario_whose_name_is_long_enough_to_be_cut: { executor: 'shared-iterations', vus: 1, iterations: 8, exec: 'fail' },
       },
       thresholds: { http_req_failed: ['rate<0.9'], http_req_duration: ['p(95)<0.001'] },
     };
     const site = 'http://127.0.0.1:${port}/';
     export default function () {
       const isHeld = [3, 4, 5].includes(exec.scenario.iterationInTest);
       check(http.get(isHeld ? site + __ENV.RUN : site), { 'the order is there': (r) => r.status === 200 });
       sleep(0.1);
     }
     export function fail() {
       if (exec.scenario.iterationInTest === 4) http.get(site + __ENV.RUN);
       http.get(site + 'bad');
       console.warn('no luck today');
       sleep(0.1);
     }`,
  );
});

after(() => {
  server.close();
  server.closeAllConnections();
  scratch.remove();
});

async function show(
  name: string,
  size: TerminalSize,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly during: readonly string[]; readonly end: readonly string[] }> {
  const gate = Promise.withResolvers<void>();
  gates.set(name, gate);
  const words = ['run', '-e', `RUN=${name}`, script];
  const terminal = new TmuxTerminal(words, size, { cwd: scratch.folder, env, ...(older && { node: older }) });
  try {
    // All four wait for us in the middle, and what they have logged is there.
    const during = await terminal.showsColoured(
      (lines) =>
        lines.some((line) => /^customers +\[=+>-*\] 3\/3 .* 3\/9 /.test(line)) &&
        lines.some((line) => /^a_scen\S* +\[=+>-*\] 1\/1 .* 4\/8 /.test(line)) &&
        lines.filter((line) => line.includes('no luck today')).length === 4,
    );
    gate.resolve();
    const end = await terminal.showsColoured((lines) => lines.some((line) => /ended 99$/.test(line)));
    for (const [moment, screen] of [
      ['during', during],
      ['end', end],
    ] as const)
      writeFileSync(
        path.join(PICTURES, `${name}-${moment}.svg`),
        drawScreen(readScreen(screen), size.columns, `A run in ${size.columns} columns, ${moment}`),
      );
    return { during, end };
  } finally {
    terminal.close();
  }
}

describe('pictures of a run', { concurrency: 3, skip }, () => {
  test('in a hundred columns, with colours', async () => {
    const { during, end } = await show('wide', { columns: 100, rows: 45 }, { FORCE_COLOR: '1' });
    assert.ok(during.some((line) => COLOURED.test(line)));
    const lines = readScreen(end).map(textOf);
    for (const part of [/^customers +✓ \[=+\]/, /█ THRESHOLDS/, /✗ 'p\(95\)<0\.001'/, /1503 http_503/, /no luck today/])
      assert.ok(
        lines.some((line) => part.test(line)),
        `${part} in\n${lines.join('\n')}`,
      );
  });

  test('in sixty columns: bars stay in theirs, and the last state is there once', async () => {
    const { during, end } = await show('narrow', { columns: 60, rows: 30 }, {});
    const bars = readScreen(during)
      .map(textOf)
      .filter((line) => /\[[=>-]+\]/.test(line));
    assert.equal(bars.length, 2);
    assert.equal(new Set(bars.map((line) => line.indexOf('['))).size, 1, bars.join('\n'));
    const last = readScreen(end)
      .map(textOf)
      .filter((line) => /^(?:running|a_scen|customers)/.test(line));
    assert.equal(last.length, 3, last.join('\n'));
    for (const line of last) assert.ok([...line].length <= 60, line);
  });

  test('without colours where NO_COLOR is set', async () => {
    const { during, end } = await show('plain', { columns: 100, rows: 45 }, { NO_COLOR: '1' });
    for (const line of [...during, ...end]) assert.doesNotMatch(line, COLOURED);
  });
});
