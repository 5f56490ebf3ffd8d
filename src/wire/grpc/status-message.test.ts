import assert from 'node:assert/strict';
import { it } from 'node:test';
import { decodeStatusMessage } from './status-message.ts';

it('grpc-message is percent-decoded as UTF-8, and a broken escape stands for itself', () => {
  assert.equal(decodeStatusMessage('plain text'), 'plain text');
  assert.equal(decodeStatusMessage('%0atest with whitespace%0D%0A and %e2%98%ba'), '\ntest with whitespace\r\n and ☺');
  assert.equal(decodeStatusMessage('100% of %zz, %4'), '100% of %zz, %4');
  assert.equal(decodeStatusMessage('%ff'), '\ufffd');
  assert.equal(decodeStatusMessage(Buffer.from('größe', 'utf8').toString('latin1')), 'größe');
});
