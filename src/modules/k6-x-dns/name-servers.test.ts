// How scripts write name servers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNameServer } from './name-servers.ts';

test('a name server is an address or a name, with a port or at the usual one', () => {
  for (const [given, host, port] of [
    ['8.8.8.8', '8.8.8.8', 53],
    ['8.8.8.8:5353', '8.8.8.8', 5353],
    ['dns.example', 'dns.example', 53],
    ['dns.example:1', 'dns.example', 1],
    ['[2606:4700:4700::1111]:53', '2606:4700:4700::1111', 53],
    ['[::1]', '::1', 53],
    ['::1', '::1', 53],
    ['2606:4700:4700::1111', '2606:4700:4700::1111', 53],
    ['localhost:65535', 'localhost', 65_535],
  ] as const)
    assert.deepEqual(readNameServer(given), { host, port }, given);
});

test('what is none is shown, with how one is written', () => {
  for (const given of [
    '',
    ':53',
    '8.8.8.8:',
    '8.8.8.8:0',
    '8.8.8.8:65536',
    '8.8.8.8:dns',
    'a:b:c',
    '[dns.example]:53',
    '[::1',
    '::1]',
    '[]:53',
    'udp://8.8.8.8:53',
  ])
    assert.throws(() => readNameServer(given), {
      name: 'TypeError',
      message: `cannot read the name server ${JSON.stringify(given)}: write 8.8.8.8:53, or [2606:4700:4700::1111]:53`,
    });
});
