// Against what ping of iputils 20221126 printed, on loopback and between network namespaces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastWords, readPingOutput } from './read-ping-output.ts';

const SOCKETS = 'ping: sock4.fd: 3 (socktype: SOCK_RAW), sock6.fd: -1 (socktype: 0), hints.ai_family: AF_INET\n\n';
const lines = (...all: string[]): string => `${all.join('\n')}\n`;
const four = (address: string, ...rest: string[]): string =>
  lines(
    `ai->ai_family: AF_INET, ai->ai_canonname: '${address}'`,
    `PING ${address} (${address}) 56(84) bytes of data.`,
    ...rest,
    '',
    `--- ${address} ping statistics ---`,
  );
const read = (stdout: string, ended: number | NodeJS.Signals = 1, stderr = SOCKETS) =>
  readPingOutput(stdout, stderr, 2000, ended);

test('a reply has its time of arrival, round trip, time to live, identifier and size', () => {
  const reply = '[1795971521.991002] 64 bytes from 127.0.0.1: icmp_seq=1 ident=24219 ttl=64 time=0.036 ms';
  assert.deepEqual(read(four('127.0.0.1', reply), 0), {
    kind: 'reply',
    receivedMs: 1795971521991.002,
    rttMs: 0.036,
    ttl: 64,
    id: 24219,
    bytes: 64,
  });
  const six = lines(
    "ai->ai_family: AF_INET6, ai->ai_canonname: '::1'",
    'PING ::1(::1) 56 data bytes',
    '[1795971521.995951] 64 bytes from ::1: icmp_seq=1 ident=24221 ttl=64 time=0.022 ms',
  );
  assert.deepEqual(read(six, 0), {
    kind: 'reply',
    receivedMs: 1795971521995.951,
    rttMs: 0.022,
    ttl: 64,
    id: 24221,
    bytes: 64,
  });
});

test('one with little data has no round trip, one of an older ping no identifier', () => {
  const small = '[1795971752.109998] 16 bytes from 10.9.9.2: icmp_seq=1 ident=28640 ttl=64';
  assert.deepEqual(read(four('10.9.9.2', small), 0), {
    kind: 'reply',
    receivedMs: 1795971752109.998,
    rttMs: null,
    ttl: 64,
    id: 28640,
    bytes: 16,
  });
  const older = '[1795971462.934017] 64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.150 ms';
  const { id, rttMs } = read(four('127.0.0.1', older), 0) as { id: number | null; rttMs: number };
  assert.deepEqual([id, rttMs], [null, 0.15]);
});

test('errors of ICMP have a code each, and say who sent them', () => {
  const cases: readonly (readonly [line: string, code: number, message: string])[] = [
    [
      '[1795971525.137309] From 10.9.9.1 icmp_seq=1 Destination Host Unreachable',
      1214,
      'icmp: Destination Host Unreachable (from 10.9.9.1)',
    ],
    [
      '[1795971750.059916] From 10.9.9.2 icmp_seq=1 Destination Net Unreachable',
      1215,
      'icmp: Destination Net Unreachable (from 10.9.9.2)',
    ],
    [
      '[1795971750.073775] From fd00:9::2 icmp_seq=1 Destination unreachable: No route',
      1215,
      'icmp: Destination unreachable: No route (from fd00:9::2)',
    ],
    [
      '[1795971746.004003] From 10.9.9.2 icmp_seq=1 Time to live exceeded',
      1010,
      'icmp: Time to live exceeded (from 10.9.9.2)',
    ],
    ['[1795971748.018251] From 10.9.9.2 icmp_seq=1 Packet filtered', 1010, 'icmp: Packet filtered (from 10.9.9.2)'],
  ];
  for (const [line, code, message] of cases)
    assert.deepEqual(read(four('10.50.0.1', line)), { kind: 'failed', code, message, isSent: true });
});

test('no reply, and a redirection without one, is a timeout', () => {
  const late = { kind: 'failed', code: 1050, message: 'icmp: no reply within 2 s', isSent: true };
  assert.deepEqual(read(four('10.62.0.1')), late);
  const redirected = four(
    '10.50.0.1',
    '[1795971746.007599] From 10.9.9.2: icmp_seq=1 Redirect Host(New nexthop: 10.9.9.77)',
    'Vr HL TOS  Len   ID Flg  off TTL Pro  cks      Src      Dst Data',
    ' 4  5  00 5400 056a   0 0040  3f  01 67b4 10.9.9.1  10.50.0.1 ',
  );
  assert.deepEqual(read(redirected), late);
});

test('what the system refuses to send was not sent', () => {
  const refused = (words: string) => read('', 2, `${SOCKETS}ping: ${words}\n`);
  const failure = (code: number, message: string) => ({ kind: 'failed', code, message, isSent: false });
  assert.deepEqual(refused('connect: Network is unreachable'), failure(1215, 'icmp: connect: Network is unreachable'));
  assert.deepEqual(refused('connect: No route to host'), failure(1214, 'icmp: connect: No route to host'));
  assert.deepEqual(refused('connect: Invalid argument'), failure(1010, 'icmp: connect: Invalid argument'));
  assert.deepEqual(
    read(four('10.9.9.2'), 1, `${SOCKETS}ping: local error: message too long, mtu=1500\n`),
    failure(1010, 'icmp: local error: message too long, mtu=1500'),
  );
});

test('a ping that was ended says by what', () => {
  assert.deepEqual(read(four('10.62.0.1'), 'SIGKILL'), {
    kind: 'failed',
    code: 1010,
    message: 'icmp: ping ended by SIGKILL',
    isSent: true,
  });
});

test('one that cannot do its work is no outcome, and its words are kept', () => {
  const stderr = lines(
    '/tmp/icmpb/ping: socktype: SOCK_RAW',
    '/tmp/icmpb/ping: socket: Operation not permitted',
    '/tmp/icmpb/ping: => missing cap_net_raw+p capability or setuid?',
  );
  assert.equal(read('', 2, stderr), null);
  assert.equal(lastWords(stderr), 'socket: Operation not permitted');
  const bind = `${SOCKETS}ping: bind: Cannot assign requested address\n`;
  assert.equal(read("ai->ai_family: AF_INET, ai->ai_canonname: '127.0.0.1'\n", 2, bind), null);
  assert.equal(lastWords(bind), 'bind: Cannot assign requested address');
});
