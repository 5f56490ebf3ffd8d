// A run as JUnit and GitHub have it: what is judged, and that no name of a script can break their notation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../metrics/engine.fixture.ts';
import { MOST_OCTETS, renderAnnotations, renderGithubSummary } from './github-summary.ts';
import { renderJunit } from './junit.ts';
import { judgeOutcome, type RunOutcome } from './outcome.ts';
import { META, thresholds } from './summary.fixture.ts';
import { buildSummary } from './summary.ts';

interface Wish {
  readonly given?: Record<string, string[]>;
  /** Passes and fails by group and name. */
  readonly checks?: readonly (readonly [group: string, name: string, passes: number, fails: number])[];
  readonly exitCode?: number;
  readonly reason?: string | null;
  readonly concerns?: readonly string[];
  readonly script?: string;
}

function outcomeOf({
  given = {},
  checks = [],
  exitCode = 0,
  reason = null,
  concerns = [],
  script = 's.js',
}: Wish): RunOutcome {
  const { engine, metrics, feed } = createEngine({ thresholds: thresholds(given) });
  for (const [group, check, passes, fails] of checks)
    feed(metrics.checks, [...new Array<number>(passes).fill(1), ...new Array<number>(fails).fill(0)], { check, group });
  feed(metrics.http_req_duration, [100, 300], { name: '/a' });
  engine.evaluate(META.durationMs, true);
  const summary = buildSummary(engine, {
    ...META,
    concerns: concerns.map((text) => ({ kind: 'lost-load', text, isGrave: true })),
  });
  return judgeOutcome(summary, { script, startedAt: new Date(Date.UTC(2026, 10, 28, 9, 12, 4)), exitCode, reason });
}

test('thresholds held or did not, with what was found; checks are judged by thresholds on them alone', () => {
  const checks = [
    ['', 'always', 3, 0],
    ['::outer::inner', 'mostly', 3, 1],
  ] as const;
  const { thresholds: judged, checks: noted } = outcomeOf({
    given: { http_req_duration: ['p(95)<10', 'max<=300'], http_req_failed: ['rate<0.1'], checks: ['rate>0.8'] },
    checks,
  });
  assert.deepEqual(
    judged.map(({ place, name, state, text }) => [place, name, state, text]),
    [
      ['checks', 'rate>0.8', 'held', 'rate was 85.71%'],
      ['http_req_duration', 'p(95)<10', 'failed', 'p(95) was 290ms'],
      ['http_req_duration', 'max<=300', 'held', 'max was 300ms'],
      ['http_req_failed', 'rate<0.1', 'held', 'rate was 0.00%'],
    ],
  );
  const mostly = (wish: Wish) => outcomeOf({ checks, ...wish }).checks.find(({ name }) => name === 'mostly');
  assert.deepEqual(
    noted.map(({ place, state, text }) => [place, state, text]),
    [
      ['', 'held', 'held 3 times'],
      ['outer › inner', 'noted', 'failed 1 of 4 times (25.00%)'],
    ],
  );
  assert.equal(mostly({ given: { checks: ['rate>0.9'] } })?.state, 'failed');
  assert.equal(mostly({ given: { 'checks{check:mostly}': ['rate>0.9'] } })?.state, 'failed', 'of a part of them too');
});

/** Reads XML as far as JUnit's goes: elements, attributes and text. @throws for what is not well formed */
function parseXml(source: string): { name: string; attributes: Record<string, string>; text: string }[] {
  const plainOf = (text: string): string =>
    text.replace(/&(?:#(\d+)|(\w+));/g, (whole, number: string, name: string) => {
      const character = number ? String.fromCodePoint(Number(number)) : { amp: '&', lt: '<', gt: '>', quot: '"' }[name];
      assert.ok(character !== undefined, whole);
      return character;
    });
  const elements: ReturnType<typeof parseXml> = [];
  const open: string[] = [];
  let rest = source.replace(/^<\?xml [^>]*\?>\n/, '');
  while (rest !== '') {
    const [whole = '', text = '', close, name = '', given = '', isEmpty] =
      /^([^<]*)(?:<(?:\/([\w-]+)|([\w-]+)((?: [\w]+="[^"<]*")*)(\/)?)>)?/.exec(rest) ?? [];
    assert.notEqual(whole, '', `no XML: ${rest.slice(0, 80)}`);
    assert.ok(!/&(?!#\d+;|\w+;)/.test(text + given), 'an ampersand that begins nothing');
    if (text.trim() !== '') elements.at(-1)!.text += plainOf(text);
    if (close !== undefined) assert.equal(open.pop(), close);
    else if (name !== '') {
      const attributes = Object.fromEntries(
        [...given.matchAll(/ (\w+)="([^"]*)"/g)].map(([, key, value]) => [key, plainOf(value!)]),
      );
      elements.push({ name, attributes, text: '' });
      if (!isEmpty) open.push(name);
    }
    rest = rest.slice(whole.length);
  }
  assert.deepEqual(open, []);
  return elements;
}

const HOSTILE = [
  '<b>&"\'',
  ']]>',
  '-->',
  'a\nb\tc',
  '| pipe | ` tick',
  '::error::x',
  '100%',
  '🍕 größe',
  '\u0000\u0007',
  '\ud800',
  '<script>',
];

test('JUnit’s file is well formed whatever things are called, and says the same', () => {
  const checks = HOSTILE.map((name, index) => ['', name, 1, index % 2] as const);
  const wish = { checks, exitCode: 105, reason: HOSTILE.join(' '), concerns: HOSTILE, script: HOSTILE.join('') };
  const elements = parseXml(renderJunit(outcomeOf(wish)));
  const names = elements.filter(({ name }) => name === 'testcase').map(({ attributes }) => attributes['name']);
  const shown = (text: string): string => text.replace(/[\u0000\u0007]|\ud800/g, '\ufffd');
  assert.deepEqual(names, ['the run came to its end', ...HOSTILE.map(shown)]);
  const error = elements.find(({ name }) => name === 'error')!;
  assert.ok(error.text.startsWith(shown(HOSTILE.join(' '))));
});

test('JUnit’s counts are those of its cases: a crossed threshold is a failure, a run that broke off an error', () => {
  const cases: [wish: Wish, counts: Record<string, number>][] = [
    [{}, { tests: 1, failures: 0, errors: 0, skipped: 0 }],
    [
      { given: { http_req_duration: ['p(95)<10'] }, exitCode: 99 },
      { tests: 2, failures: 1, errors: 0, skipped: 0 },
    ],
    [
      { exitCode: 107, reason: 'thrown' },
      { tests: 1, failures: 0, errors: 1, skipped: 0 },
    ],
    [{ concerns: ['mind'] }, { tests: 1, failures: 0, errors: 0, skipped: 1 }],
    [{ checks: [['', 'a', 1, 1]] }, { tests: 2, failures: 0, errors: 0, skipped: 1 }],
    [
      {
        checks: [
          ['', 'a', 1, 1],
          ['', 'b', 1, 0],
        ],
        given: { checks: ['rate>0.9'] },
        exitCode: 99,
      },
      { tests: 4, failures: 2, errors: 0, skipped: 0 },
    ],
  ];
  for (const [wish, counts] of cases) {
    const [whole, ...elements] = parseXml(renderJunit(outcomeOf(wish)));
    for (const [name, count] of Object.entries(counts)) {
      assert.equal(whole!.attributes[name], String(count), `${name} of ${JSON.stringify(wish)}`);
      const suites = elements.filter((element) => element.name === 'testsuite');
      assert.equal(
        suites.reduce((sum, { attributes }) => sum + Number(attributes[name]), 0),
        count,
        name,
      );
    }
    assert.equal(elements.filter(({ name }) => name === 'failure').length, counts['failures']);
    assert.equal(elements.filter(({ name }) => name === 'error').length, counts['errors']);
    assert.equal(elements.filter(({ name }) => name === 'skipped').length, counts['skipped']);
  }
});

test('GitHub’s tables have their columns whatever things are called, and nothing in them is HTML of a script', () => {
  const checks = HOSTILE.map((name) => [`::${name}`, name, 1, 1] as const);
  const text = renderGithubSummary(outcomeOf({ checks, concerns: HOSTILE, script: HOSTILE.join('') }));
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  assert.equal(rows.length, 2 + HOSTILE.length);
  for (const row of rows) assert.equal(row.split('|').length, 6, row);
  assert.ok(!text.includes('<script>') && !text.includes('<b>'));
  assert.deepEqual([...new Set(text.match(/<\/?\w+>/g))].sort(), ['</code>', '<br>', '<code>']);
});

test('annotations are one line each, of what is judged alone, and no text is a command of its own', () => {
  const lines = renderAnnotations(
    outcomeOf({
      given: { http_req_duration: ['p(95)<10'] },
      checks: [['', 'only noted', 1, 1]],
      exitCode: 99,
      reason: 'crossed',
      concerns: ['first\n::error::second', '50%, said\r'],
    }),
  );
  assert.deepEqual(lines, [
    '::error title=http_req_duration%3A p(95)<10::p(95) was 290ms',
    '::warning title=Run::first%0A::error::second',
    '::warning title=Run::50%25, said%0D',
  ]);
  assert.deepEqual(renderAnnotations(outcomeOf({ exitCode: 107, reason: 'thrown' })), ['::error title=Run::thrown']);
  assert.deepEqual(renderAnnotations(outcomeOf({})), []);
});

test('a summary that is too long for GitHub ends at a line, with a word about it', () => {
  const name = '🍕'.repeat(400);
  const long = outcomeOf({ concerns: Array.from({ length: 2000 }, (_, index) => `${index} ${name}`) });
  const text = renderGithubSummary(long);
  assert.ok(Buffer.byteLength(text) <= MOST_OCTETS && Buffer.byteLength(text) > MOST_OCTETS - 3000);
  assert.ok(text.endsWith('… there was no room for more.\n') && !text.includes('\ufffd'));
});

test('of a long table what is wrong comes first', () => {
  const checks = Array.from({ length: 150 }, (_, index) => ['', `c${index}`, 1, index === 149 ? 1 : 0] as const);
  const text = renderGithubSummary(outcomeOf({ checks }));
  const rows = text.split('\n').filter((line) => line.startsWith('| ✅') || line.startsWith('| ⚠'));
  assert.equal(rows.length, 100);
  assert.match(rows[0]!, /c149/);
  assert.match(text, /\nand 50 more\n/);
});
