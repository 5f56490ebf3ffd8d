import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCapableTerminal, Terminal } from './terminal.ts';

const ESCAPE = String.fromCharCode(27);

/** A stream that shows what a terminal would: text, and the movements that are used. */
class Screen {
  readonly isTTY: boolean;
  columns = 40;
  rows = 10;
  writes = 0;
  #lines = [''];
  #row = 0;

  constructor(isTTY = true) {
    this.isTTY = isTTY;
  }

  get lines(): readonly string[] {
    return this.#lines.slice(0, -1);
  }

  write(text: string): void {
    this.writes++;
    let at = 0;
    while (at < text.length) {
      const [movement, count, kind] = new RegExp(`^${ESCAPE}\\[(\\d*)([AJ])`).exec(text.slice(at)) ?? [];
      if (movement !== undefined) {
        if (kind === 'A') this.#row = Math.max(0, this.#row - Number(count));
        else this.#lines.splice(this.#row, Number.POSITIVE_INFINITY, '');
        at += movement.length;
      } else if (text[at] === '\n') {
        this.#row++;
        if (this.#row === this.#lines.length) this.#lines.push('');
        at++;
      } else if (text[at] === '\r') at++;
      else this.#lines[this.#row] += text[at++];
    }
  }
}

test('what is drawn is replaced, and lines go above it', () => {
  const screen = new Screen();
  const terminal = new Terminal(screen, screen);
  terminal.stdout('first\n');
  terminal.draw(['bar 1', 'bar 2']);
  terminal.stderr('log 1\n');
  terminal.draw(['bar 1+', 'bar 2+']);
  terminal.stdout('out 1\n');
  assert.deepEqual(screen.lines, ['first', 'log 1', 'out 1', 'bar 1+', 'bar 2+']);
  terminal.draw(['bar']);
  assert.deepEqual(screen.lines, ['first', 'log 1', 'out 1', 'bar']);
});

test('what was typed below it is erased with it', () => {
  const screen = new Screen();
  const terminal = new Terminal(screen, screen);
  terminal.draw(['bar']);
  screen.write('^C');
  terminal.draw(['bar+']);
  terminal.settle();
  terminal.stdout('summary\n');
  assert.deepEqual(screen.lines, ['bar+', 'summary']);
});

test('what has settled stays, and the rest goes below', () => {
  const screen = new Screen();
  const terminal = new Terminal(screen, screen);
  terminal.draw(['last state']);
  terminal.settle();
  terminal.stdout('summary\n');
  terminal.draw(['next']);
  assert.deepEqual(screen.lines, ['last state', 'summary', 'next']);
});

test('drawing anew is one write, so that nothing flickers', () => {
  const screen = new Screen();
  const terminal = new Terminal(screen, screen);
  terminal.draw(['a', 'b']);
  terminal.draw(['c', 'd']);
  assert.equal(screen.writes, 2);
});

test('a standard error that is no terminal leaves what is drawn alone', () => {
  const screen = new Screen();
  const file = new Screen(false);
  const terminal = new Terminal(screen, file);
  terminal.draw(['bar']);
  const { writes } = screen;
  terminal.stderr('log\n');
  assert.deepEqual([file.lines, screen.writes], [['log'], writes]);
});

test('a line of a terminal made narrower is erased with all the rows that it takes', () => {
  const screen = new Screen();
  const terminal = new Terminal(screen, screen);
  terminal.draw(['x'.repeat(40)]);
  screen.columns = 15;
  let erased = '';
  screen.write = (text) => {
    erased += text;
  };
  terminal.draw(['y']);
  assert.ok(erased.startsWith(`\r${ESCAPE}[3A`), JSON.stringify(erased));
});

test('no more is drawn than there is room for: what scrolls away could not be erased', () => {
  const screen = new Screen();
  screen.rows = 3;
  const terminal = new Terminal(screen, screen);
  terminal.draw(['a', 'b', 'c', 'd']);
  assert.deepEqual(screen.lines, ['a', 'b']);
});

test('only a terminal that can move its cursor is interactive', () => {
  const before = process.env['TERM'];
  try {
    process.env['TERM'] = 'xterm';
    assert.deepEqual([{ isTTY: true }, { isTTY: false }, {}].map(isCapableTerminal), [true, false, false]);
    assert.equal(new Terminal(new Screen(), new Screen()).isInteractive, true);
    assert.equal(new Terminal(new Screen(false), new Screen()).isInteractive, false);
    process.env['TERM'] = 'dumb';
    assert.equal(isCapableTerminal({ isTTY: true }), false);
    assert.equal(new Terminal(new Screen(), new Screen()).isInteractive, false);
  } finally {
    if (before === undefined) delete process.env['TERM'];
    else process.env['TERM'] = before;
  }
});

test('a terminal that got narrower a moment ago is erased as it is now, signal or not', () => {
  const written: string[] = [];
  const stream = {
    isTTY: true,
    columns: 80,
    rows: 24,
    actual: 80,
    _refreshSize() {
      this.columns = this.actual;
    },
    write: (text: string) => written.push(text),
  };
  const terminal = new Terminal(stream, stream);
  terminal.draw(['x'.repeat(60)]);
  stream.actual = 20;
  terminal.draw(['short']);
  assert.ok(written.at(-1)!.startsWith('\r\x1b[3A'), JSON.stringify(written.at(-1)));
  stream.actual = 3;
  terminal.stdout('above\n');
  assert.ok(written.at(-3)!.startsWith('\r\x1b[2A'), JSON.stringify(written));
});
