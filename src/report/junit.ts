// The outcome of a run as JUnit's XML, in the form that Jenkins, GitLab and their like read.

import { EXIT } from '../exit/exit-error.ts';
import { VERSION } from '../options/package-version.ts';
import type { OutcomeCase, RunOutcome } from './outcome.ts';

const INDENT = '  ';

/** A test suite for the run itself, one for the thresholds, one for the checks. */
export function renderJunit(outcome: RunOutcome): string {
  const { script, startedAt, durationMs, thresholds, checks } = outcome;
  const seconds = (durationMs / 1000).toFixed(3);
  const run = caseOfRun(outcome);
  const suites = [
    suite('run', [run], seconds, startedAt),
    ...(thresholds.length > 0 ? [suite('thresholds', thresholds, '0', startedAt)] : []),
    ...(checks.length > 0 ? [suite('checks', checks, '0', startedAt)] : []),
  ];
  const all = [run, ...thresholds, ...checks];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `sixfold ${script}`, ...countsOf(all), time: seconds })}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

type Case = OutcomeCase & { readonly isError?: boolean };

/** Thresholds that were crossed are no end before the end: the run did what it was to do. */
function caseOfRun({ exitCode, reason, summary }: RunOutcome): Case {
  const { concerns = [] } = summary.meta;
  const noted = concerns.map(({ text }) => text).join('\n');
  const base = { place: 'run', name: 'the run came to its end' };
  if (exitCode !== 0 && exitCode !== EXIT.thresholdsFailed)
    return {
      ...base,
      state: 'failed',
      isError: true,
      text: [reason ?? `exit code ${exitCode}`, noted].join('\n').trim(),
    };
  return { ...base, state: noted === '' ? 'held' : 'noted', text: noted };
}

function countsOf(cases: readonly Case[]): Record<string, string> {
  const count = (wanted: (one: Case) => boolean) => String(cases.filter(wanted).length);
  return {
    tests: String(cases.length),
    failures: count(({ state, isError }) => state === 'failed' && !isError),
    errors: count(({ isError }) => isError === true),
    skipped: count(({ state }) => state === 'noted'),
  };
}

function suite(name: string, cases: readonly Case[], seconds: string, startedAt: Date): string {
  const head = { name, ...countsOf(cases), time: seconds, timestamp: startedAt.toISOString().slice(0, 19) };
  return [
    `${INDENT}<testsuite${attributes(head)}>`,
    ...(name === 'run'
      ? [`${INDENT}${INDENT}<properties>`, property('sixfold', VERSION), `${INDENT}${INDENT}</properties>`]
      : []),
    ...cases.map((one) => testCase(name, one, seconds)),
    `${INDENT}</testsuite>`,
  ].join('\n');
}

function property(name: string, value: string): string {
  return `${INDENT.repeat(3)}<property${attributes({ name, value })}/>`;
}

function testCase(suiteName: string, { place, name, state, text, isError }: Case, seconds: string): string {
  const head = `<testcase${attributes({ classname: place === '' ? suiteName : place, name, time: seconds })}`;
  const indent = INDENT.repeat(2);
  if (state === 'held') return text === '' ? `${indent}${head}/>` : wrap(indent, head, element('system-out', {}, text));
  if (state === 'noted') return wrap(indent, head, `<skipped${attributes({ message: firstLine(text) })}/>`);
  const what = isError ? 'error' : 'failure';
  return wrap(indent, head, element(what, { message: firstLine(text), type: suiteName }, text));
}

function wrap(indent: string, head: string, inner: string): string {
  return `${indent}${head}>\n${indent}${INDENT}${inner}\n${indent}</testcase>`;
}

function element(name: string, given: Readonly<Record<string, string>>, text: string): string {
  return `<${name}${attributes(given)}>${escapeXml(text)}</${name}>`;
}

function attributes(given: Readonly<Record<string, string>>): string {
  return Object.entries(given)
    .map(([name, value]) => ` ${name}="${escapeXml(value).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`)
    .join('');
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}

/** Without what XML 1.0 cannot hold at all, lone surrogates among it (section 2.2). */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
