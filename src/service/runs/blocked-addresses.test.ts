// What clouds tell their machines is nowhere to be had.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBlockedAddress } from './blocked-addresses.ts';

test('the addresses of clouds are blocked, however they are written, and those beside them are not', () => {
  for (const address of [
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd20:00ce:0::254',
    'fe80::1',
  ])
    assert.equal(isBlockedAddress(address), true, address);
  for (const address of ['127.0.0.1', '100.100.100.201', '168.63.129.17', 'fd20:ce::253', '::1'])
    assert.equal(isBlockedAddress(address), false, address);
});
