// Draws what a program shows in a terminal as an SVG: runs it in tmux, captures the screen with its colours, keeps the parts named.
//
//   node bin/node.js scripts/terminal-picture.ts --out docs/images/summary.svg --columns 128 \
//     --keep '^\$ ' --keep '^ +scenarios:,^ +\* unlucky' --keep '^running,^unlucky' --keep 'TOTAL RESULTS,grpc_reqs' \
//     --keep 'FAILURES,most:' --keep '1220,most:' npm start
//
// A part is a regular expression for its first line and, behind a comma, one for its last. What is left out shows as "⋯".
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { drawScreen, PLAIN, type Run, readScreen, textOf } from './draw-terminal.ts';
import { ROOT } from './root.ts';

const ROWS = 400;
const LONGEST_MS = 120_000;
/** Runs a command in a terminal of tmux until it ends. @returns the screen, a line per row, with its escape sequences */
async function capture(command: readonly string[], columns: number): Promise<string[]> {
  const socket = `sixfold-picture-${process.pid}`;
  const tmux = (...words: string[]): string =>
    execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...words], { cwd: ROOT, encoding: 'utf8' });
  const quoted = command.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word}'`)).join(' ');
  // The pane stays when the command is over, so that its last screen can be read.
  const shell = `printf '$ %s\\n' "${quoted}"; ${quoted}`;
  tmux('new-session', '-d', '-x', String(columns), '-y', String(ROWS), 'cat');
  try {
    tmux('set', '-w', 'remain-on-exit', 'on');
    tmux('respawn-pane', '-k', shell);
    const end = Date.now() + LONGEST_MS;
    while (tmux('display', '-p', '#{pane_dead}').trim() !== '1') {
      if (Date.now() > end) throw new Error(`"${quoted}" did not end within ${LONGEST_MS / 1000} s`);
      await wait(200);
    }
    // With its history: the note that the pane is dead moves the screen up.
    return tmux('capture-pane', '-e', '-p', '-N', '-S', '-').split('\n');
  } finally {
    tmux('kill-server');
  }
}

const CUT: Run = { text: '  ⋯', column: 0, style: { ...PLAIN, faint: true } };

/** @param parts as in the head of this file; without any, everything is kept */
function keep(lines: readonly Run[][], parts: readonly string[]): Run[][] {
  if (parts.length === 0) return [...lines];
  const kept: Run[][] = [];
  let from = 0;
  for (const part of parts) {
    const [first, last = first] = part.split(',').map((text) => new RegExp(text));
    const start = lines.findIndex((runs, i) => i >= from && first!.test(textOf(runs)));
    const end = lines.findIndex((runs, i) => i >= start && last!.test(textOf(runs)));
    if (start < 0 || end < 0) throw new Error(`there is no part "${part}" in the output`);
    const skipped = lines.slice(from, start);
    const isEmpty = skipped.every((runs) => textOf(runs).trim() === '');
    kept.push(...(isEmpty ? skipped : [[], [CUT], []]), ...lines.slice(start, end + 1));
    from = end + 1;
  }
  return kept;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    columns: { type: 'string', default: '120' },
    keep: { type: 'string', multiple: true, default: [] },
  },
});
if (values.out === undefined || positionals.length === 0) {
  console.error('usage: scripts/terminal-picture.ts --out FILE.svg [--columns N] [--keep FIRST,LAST]… COMMAND…');
  process.exitCode = 2;
} else {
  const columns = Number(values.columns);
  const lines = readScreen(await capture(positionals, columns));
  writeFileSync(
    values.out,
    drawScreen(keep(lines, values.keep), columns, `What "${positionals.join(' ')}" shows in a terminal`),
  );
}
