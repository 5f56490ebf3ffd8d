import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type LogSettings, LogWriter } from './log-writer.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'log-writer-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const NOON = new Date('2026-01-02T12:00:00Z');

function logTo(settings: Partial<LogSettings>, use: (log: LogWriter) => void): { stderr: string; stdout: string } {
  const written = { stderr: '', stdout: '' };
  const log = new LogWriter(
    { format: 'text', output: 'stderr', verbose: false, colour: false, consoleOutput: null, ...settings },
    {
      stderr: (text) => {
        written.stderr += text;
      },
      stdout: (text) => {
        written.stdout += text;
      },
    },
  );
  use(log);
  void log.close();
  return written;
}

test('text lines quote what needs it, with fields in order', () => {
  const { stderr } = logTo({}, (log) => {
    log.log('info', 'two words', { source: 'console', error: 'a "b"\n' }, NOON);
    log.log('warning', 'word', {}, NOON);
  });
  const lines = stderr.split('\n').map((line) => line.replace(/^time="2026-01-02T[\d:]+(?:Z|[+-]\d\d:\d\d)" /, ''));
  assert.deepEqual(lines, [
    String.raw`level=info msg="two words" error="a \"b\"\n" source=console`,
    'level=warning msg=word',
    '',
  ]);
});

test('JSON lines hold the fields, raw lines nothing but the message', () => {
  const json = logTo({ format: 'json' }, (log) => log.log('error', 'it', { source: 'x' }, NOON)).stderr;
  const { level, msg, source, time } = JSON.parse(json) as Record<string, string>;
  assert.deepEqual([level, msg, source, new Date(time!).getTime()], ['error', 'it', 'x', NOON.getTime()]);
  assert.equal(logTo({ format: 'raw' }, (log) => log.log('error', 'it', { source: 'x' })).stderr, 'it\n');
});

test('in colour a line has the level, the seconds and painted keys', () => {
  const { stderr } = logTo({ colour: true }, (log) => log.log('error', 'it', { source: 'x' }));
  assert.ok(stderr.includes('[31mERRO\x1b[0m[0000] it '), JSON.stringify(stderr));
  assert.ok(stderr.endsWith('[31msource\x1b[0m=x\n'));
});

test('debug lines come only when asked for', () => {
  const debug = (log: LogWriter) => log.log('debug', 'fine print');
  assert.equal(logTo({}, debug).stderr, '');
  assert.match(logTo({ verbose: true }, debug).stderr, /level=debug msg="fine print"/);
});

test('lines go to standard output, to a file with a level of its own, or nowhere', () => {
  const both = (log: LogWriter): void => {
    log.log('info', 'low');
    log.log('error', 'high');
  };
  assert.match(logTo({ output: 'stdout', format: 'raw' }, both).stdout, /^low\nhigh\n$/);
  assert.deepEqual(logTo({ output: 'none' }, both), { stderr: '', stdout: '' });
  const file = path.join(folder, 'log.txt');
  logTo({ output: `file=${file},level=error`, format: 'raw' }, both);
  logTo({ output: `file=${file}`, format: 'raw' }, both);
  assert.equal(readFileSync(file, 'utf8'), 'high\nlow\nhigh\n');
});

test('what scripts print can go to a file of its own', () => {
  const file = path.join(folder, 'console.txt');
  const { stderr } = logTo({ consoleOutput: file, format: 'raw' }, (log) => {
    log.log('info', 'printed', { source: 'console' });
    log.log('info', 'logged');
  });
  assert.equal(stderr, 'logged\n');
  assert.match(readFileSync(file, 'utf8'), /^time=".*" level=info msg=printed\n$/);
});

test('settings that make no sense are refused', () => {
  const refused = (output: string, message: RegExp) =>
    assert.throws(() => logTo({ output }, () => {}), { exitCode: 255, message });
  refused('nowhere', /unsupported log output "nowhere"/);
  refused(`file=${path.join(folder, 'no/such/file')}`, /cannot write to/);
  refused(`file=${path.join(folder, 'x')},level=loud`, /"level=loud" is not level=/);
  refused(`file=${path.join(folder, 'x')},level=toString`, /"level=toString" is not level=/);
  refused(`file=${path.join(folder, 'x')},colour=red`, /"colour=red" is not level=/);
});

test('a log file is for its owner alone', () => {
  const file = path.join(folder, 'private.log');
  logTo({ output: `file=${file}` }, (log) => log.log('info', 'word'));
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a full disk under the log or the console is said once, and what follows goes on', {
  skip: process.platform !== 'linux',
}, () => {
  const listeners = process.listeners('exit');
  const log = (writer: LogWriter): void => {
    for (let i = 0; i < 3; i++) writer.log('info', 'line', { source: 'console' });
  };
  for (const settings of [{ output: 'file=/dev/full' }, { output: 'none', consoleOutput: '/dev/full' }]) {
    const { stderr } = logTo(settings, log);
    assert.match(stderr, /^time=\S+ level=error msg="could not write to \\"\/dev\/full\\": ENOSPC[^\n]*\n$/);
  }
  // The listener that turns the exit code would turn this test's own.
  for (const listener of process.listeners('exit')) if (!listeners.includes(listener)) process.off('exit', listener);
});

test('lines that say the same are shown ten times, then counted; what scripts print is shown as it is', () => {
  const { stderr } = logTo({ format: 'json' }, (log) => {
    for (let i = 0; i < 10_000; i++) {
      log.log('warning', 'Request Failed', { error: `GET "http://a.test/${i}": refused` }, NOON);
      if (i < 20) log.log('info', 'same', { source: 'console' }, NOON);
    }
    log.log('error', 'Error: another\n\tat x:1:1', { source: 'stacktrace' }, NOON);
  });
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  const count = (msg: string): number => lines.filter((line) => line['msg'] === msg).length;
  assert.deepEqual([count('Request Failed'), count('same'), count('Error: another\n\tat x:1:1')], [10, 20, 1]);
  const last = lines.at(-1)!;
  assert.equal(last['msg'], 'Request Failed … and 9,990 more like it');
  assert.deepEqual(Object.keys(last), ['error', 'level', 'msg', 'time']);
  assert.equal(lines.length, 32);
});

test('a kind that goes on is told of every ten seconds; with --verbose each line is shown', () => {
  const repeat = (log: LogWriter): void => {
    for (let i = 0; i < 60; i++) log.log('error', 'Error: no', {}, new Date(NOON.getTime() + i * 1000));
  };
  const { stderr } = logTo({ format: 'raw' }, repeat);
  const told = stderr.split('\n').filter((line) => / … and 10 more like it$/.test(line));
  assert.equal(told.length, 5, stderr);
  assert.equal(logTo({ format: 'raw', verbose: true }, repeat).stderr, 'Error: no\n'.repeat(60));
});

test('texts without end are not kept without end', () => {
  const inLetters = (number: number): string =>
    [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  const { stderr } = logTo({ format: 'raw' }, (log) => {
    for (let i = 0; i < 5000; i++) log.log('error', `Error: ${inLetters(i)}`, {}, NOON);
  });
  const lines = stderr.trim().split('\n');
  assert.equal(lines.length, 1011);
  assert.match(lines.at(-1)!, / … and 3,990 more like it$/);
});
