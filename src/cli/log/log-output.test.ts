import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SEVERITY } from './log-levels.ts';
import { parseLogOutput } from './log-output.ts';
import { readLokiSettings } from './loki-settings.ts';

const refused = (text: string, message: RegExp) =>
  assert.throws(() => parseLogOutput(text), { name: 'ExitError', exitCode: 255, message }, text);

describe('where the log goes', () => {
  test('is one of the streams, nowhere, or a file with all its lines', () => {
    for (const kind of ['stderr', 'stdout', 'none'] as const) assert.deepEqual(parseLogOutput(kind), { kind });
    assert.deepEqual(parseLogOutput('file=k6.log'), { kind: 'file', path: 'k6.log', limit: SEVERITY.debug });
    assert.deepEqual(parseLogOutput('file=a=b/k 6.log'), { kind: 'file', path: 'a=b/k 6.log', limit: SEVERITY.debug });
  });

  test('is a file from a level on, by each name that k6 has for it; the strictest counts', () => {
    for (const [level, limit] of [
      ['panic', -1],
      ['fatal', -1],
      ['error', SEVERITY.error],
      ['warn', SEVERITY.warning],
      ['warning', SEVERITY.warning],
      ['info', SEVERITY.info],
      ['debug', SEVERITY.debug],
      ['trace', SEVERITY.debug],
    ] as const)
      assert.deepEqual(parseLogOutput(`file=a.log,level=${level}`), { kind: 'file', path: 'a.log', limit }, level);
    assert.deepEqual(parseLogOutput('file=a.log,level=info,level=error,level=debug'), {
      kind: 'file',
      path: 'a.log',
      limit: SEVERITY.error,
    });
  });

  test('is refused with what there is where it is something else', () => {
    for (const text of ['', 'syslog', 'stderr=x', 'none,level=info', 'File=a.log', ' stderr'])
      refused(text, /unsupported log output ".*": use stderr, stdout, none, file=PATH or loki=URL/);
    for (const text of ['file', 'file=', 'file=,level=info']) refused(text, /file needs a path/);
    for (const option of ['level', 'level=', 'level=loud', 'limit=1', 'level=toString', ''])
      refused(`file=a.log,${option}`, /is not level= with one of error, warning, info, debug/);
  });
});

describe('settings of Loki', () => {
  test('are those of a Loki on this machine where nothing is said', () => {
    const settings = readLokiSettings('');
    assert.equal(settings.url.href, 'http://127.0.0.1:3100/loki/api/v1/push');
    assert.deepEqual([settings.limit, settings.pushPeriodMs, settings.allowedLabels], [100, 1000, null]);
    assert.deepEqual(parseLogOutput('loki'), { kind: 'loki', settings });
    const limited = parseLogOutput('loki,limit=10');
    assert.equal(limited.kind === 'loki' && limited.settings.limit, 10);
  });

  test('take name and password out of the address, also those that are written with percent signs', () => {
    const { url, headers } = readLokiSettings('https://ann:p%40s%3As@loki.test:3100/push?x=1,limit=5');
    assert.equal(url.href, 'https://loki.test:3100/push?x=1');
    assert.deepEqual(headers, { authorization: `Basic ${Buffer.from('ann:p@s:s').toString('base64')}` });
    const broken = readLokiSettings('https://ann:50%@loki.test/');
    assert.equal(Buffer.from(broken.headers['authorization']!.slice(6), 'base64').toString(), 'ann:50%');
  });

  test('have labels and headers, whose values may hold what divides settings', () => {
    const { labels, headers, allowedLabels } = readLokiSettings(
      ',label.a=b=c,label.list=[x,y],header.X-Scope=[1,2],allowedLabels=[ level, source,],label.a=last',
    );
    assert.deepEqual(labels, { a: 'last', list: '[x,y]' });
    assert.deepEqual(headers, { 'x-scope': '[1,2]' });
    assert.deepEqual(allowedLabels, ['level', 'source']);
  });

  test('read counts, times, levels and switches', () => {
    const read = readLokiSettings(' ,limit=1,msgMaxSize=1000000000,pushPeriod=1m30s,level=warn,profile'.trimStart());
    assert.deepEqual(
      [read.limit, read.maxMessageLength, read.pushPeriodMs, read.severity, read.profile],
      [1, 1e9, 90_000, SEVERITY.warning, true],
    );
    assert.equal(readLokiSettings(',profile=false').profile, false);
    assert.equal(readLokiSettings(',profile=').profile, true);
  });

  test('that cannot be read are refused with the reason, and without a secret', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['ftp://a', /no http or https URL/],
      ['not an address', /no http or https URL/],
      [',limit=0', /limit "0" is no whole number from 1 on/],
      [',limit=-1', /limit "-1"/],
      [',limit=1.5', /limit "1.5"/],
      [',limit=', /limit ""/],
      [',limit=1e3', /limit "1e3"/],
      [',msgMaxSize=1000000001', /msgMaxSize/],
      [',pushPeriod=0s', /not between 1ms and 24h/],
      [',pushPeriod=25h', /not between 1ms and 24h/],
      [',pushPeriod=soon', /pushPeriod: /],
      [',level=loud', /level "loud" is not one of/],
      [',allowedLabels=a', /a list in brackets/],
      [',label.=x', /"" is no name of a label/],
      [',label.a-b=x', /"a-b" is no name of a label/],
      [',profile=perhaps', /profile is either there or not/],
      [',limit', /"limit" has no value; there are label\.NAME/],
      [',nope=1', /unknown key "nope"; there are/],
      [',toString=1', /unknown key "toString"/],
    ];
    for (const [text, message] of cases) assert.throws(() => readLokiSettings(text), { exitCode: 255, message }, text);
    for (const text of [
      ',header.authorization=Bearer hidden,and more hidden',
      ',header.x=hidden\nhidden',
      'hidden:hidden@',
    ])
      assert.throws(
        () => readLokiSettings(text),
        (error: Error) => !error.message.includes('hidden'),
        text,
      );
  });
});
