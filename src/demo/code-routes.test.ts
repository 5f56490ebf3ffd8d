import assert from 'node:assert/strict';
import { test } from 'node:test';
import { misbehaviourForCode, wayToCode } from './code-routes.ts';
import { WELL_BEHAVED } from './misbehaviour.ts';
import { BREACHED_ERRORS, BROKEN_PORTS, brokenPortOf } from './port-list.ts';

test('statuses, streams and connections are broken by the number that is in the code', () => {
  const cases: [code: number, wanted: object | null][] = [
    [1399, null],
    [1400, { status: 400 }],
    [1404, { status: 404 }],
    [1599, { status: 599 }],
    [1600, null],
    [1610, { goaway: 99 }],
    [1611, { goaway: 0 }],
    [1624, { goaway: 13 }],
    [1625, null],
    [1630, { rst: 99 }],
    [1631, { rst: 0 }],
    [1644, { rst: 13 }],
    [1645, null],
    [1040, { manner: 'close' }],
    [1220, { manner: 'reset' }],
    [0, null],
    [-1, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
  ];
  for (const [code, wanted] of cases)
    assert.deepEqual(misbehaviourForCode(code), wanted && { ...WELL_BEHAVED, ...wanted }, String(code));
});

test('what is no whole number is no code', () => {
  for (const code of [1404.5, 1611.5, 1643.9]) assert.equal(misbehaviourForCode(code), null, String(code));
});

test('a code of another protocol comes with what to do, and with the address that it is at', () => {
  const places = { names: '127.0.0.1:5', protocols: '127.0.0.1:6' };
  const cases: [text: string, says: RegExp][] = [
    ['1100', /^for 1100, ask the name server at 127\.0\.0\.1:5/],
    ['1104', /^for 1104, ask the name server/],
    ['1105', /^no server can make a client fail with "1105"$/],
    ['2005', /^for 2005, ask Redis at 127\.0\.0\.1:6/],
    ['2103', /^for 2103, ask PostgreSQL/],
    ['2305', /^for 2305, connect to MQTT/],
    ['2405', /^for 2405, connect to SSH/],
    ['2406', /^no server/],
    ['1801', /^for 1801, call shop\.Statuses/],
    ['1817', /^no server/],
    ['abc', /^no server can make a client fail with "abc"$/],
    ['', /^no server/],
  ];
  for (const [text, says] of cases) assert.match(wayToCode(text, places), says, text);
});

test('each port that fails is found by its code, and each breach of HTTP/2 at the one port for them', () => {
  for (const [port, { code }] of BROKEN_PORTS.entries()) {
    const found = brokenPortOf(code)!;
    assert.equal(found.port, port);
  }
  const breaches = BROKEN_PORTS.findIndex(({ code }) => code === 1652);
  for (const error of BREACHED_ERRORS)
    assert.deepEqual(brokenPortOf(1651 + error), { port: breaches, path: `/${error}` });
  for (const code of [1651, 1653, 1650, 0, Number.NaN]) assert.equal(brokenPortOf(code), null, String(code));
});
