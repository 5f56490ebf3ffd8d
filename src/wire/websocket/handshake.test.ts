// What a server may accept of our offer (RFC 7692, sections 5.1 and 7.1), and what a caller may say in the handshake.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkHeaders, DEFLATE_OFFER, readExtensions } from './handshake.ts';

const DEFLATE = 'permessage-deflate; server_no_context_takeover';

describe('extensions that a server names', () => {
  test('are none, or the compression that was offered', () => {
    for (const header of ['', '  ']) {
      assert.deepEqual(readExtensions(header, true), { compression: false, fault: null });
      assert.deepEqual(readExtensions(header, false), { compression: false, fault: null });
    }
    for (const header of [
      DEFLATE,
      DEFLATE_OFFER,
      'permessage-deflate;server_no_context_takeover;client_no_context_takeover',
      ` ${DEFLATE} ; client_no_context_takeover `,
      `${DEFLATE}; server_max_window_bits=8`,
      `${DEFLATE}; server_max_window_bits="15"`,
    ])
      assert.deepEqual(readExtensions(header, true), { compression: true, fault: null }, header);
  });

  test('are refused where they were not offered, or not so', () => {
    assert.match(readExtensions(DEFLATE, false).fault ?? '', /permessage-deflate.* not offered/);
    for (const [header, named] of [
      ['x-other', 'x-other'],
      [`${DEFLATE}, x-other`, 'x-other'],
      [`${DEFLATE}, ${DEFLATE}`, 'permessage-deflate'],
      // Without it each message would need those before it.
      ['permessage-deflate', 'context takeover'],
      ['permessage-deflate; client_no_context_takeover', 'context takeover'],
      [`${DEFLATE}; client_max_window_bits=15`, 'client_max_window_bits=15'],
      [`${DEFLATE}; client_max_window_bits`, 'client_max_window_bits'],
      [`${DEFLATE}; server_max_window_bits`, 'server_max_window_bits'],
      [`${DEFLATE}; server_max_window_bits=7`, 'server_max_window_bits=7'],
      [`${DEFLATE}; server_max_window_bits=16`, 'server_max_window_bits=16'],
      [`${DEFLATE}; server_max_window_bits=08`, 'server_max_window_bits=08'],
      [`${DEFLATE}; x=1`, 'x=1'],
      ['PerMessage-Deflate; server_no_context_takeover', 'PerMessage-Deflate'],
    ] as const) {
      const { compression, fault } = readExtensions(header, true);
      assert.equal(compression, false, header);
      assert.ok(fault?.includes(named) && fault.includes('not offered'), `${header}: ${fault}`);
    }
  });

  test('are repeated in part only, however long they are', () => {
    const { fault } = readExtensions(`x-${'y'.repeat(100_000)}`, true);
    assert.ok((fault ?? '').length < 200);
  });
});

describe('headers of a caller', () => {
  test('may be any but those of the handshake itself, in any case', () => {
    checkHeaders(
      [
        ['Host', 'x'],
        ['Origin', 'http://x'],
        ['Cookie', 'a=b'],
        ['Sec-WebSocket-Custom', 'x'],
      ],
      [],
    );
    for (const name of [
      'Upgrade',
      'CONNECTION',
      'sec-websocket-key',
      'Sec-WebSocket-Version',
      'Sec-WebSocket-Extensions',
    ])
      assert.throws(
        () =>
          checkHeaders(
            [
              ['X', 'y'],
              [name, 'x'],
            ],
            [],
          ),
        new RegExp(`duplicate header not allowed: ${name}`),
      );
  });

  test('may name the subprotocol, unless it is named already', () => {
    checkHeaders([['Sec-WebSocket-Protocol', 'mqtt']], []);
    assert.throws(() => checkHeaders([['sec-websocket-protocol', 'mqtt']], ['mqtt']), /duplicate header/);
  });
});
