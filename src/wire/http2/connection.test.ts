import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answer, assertConnectionError, assertStreamError, END, OK } from './connection-outcomes.fixture.ts';
import {
  ACK,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  GOAWAY,
  HEADERS,
  PADDED,
  PING,
  PRIORITY,
  PRIORITY_FLAG,
  PUSH_PROMISE,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from './protocol.ts';
import { block, connectTo, frame, settings, word } from './scripted-server.fixture.ts';

const named = (fields: readonly { name: string; value: string }[], name: string): string | undefined =>
  fields.find((field) => field.name === name)?.value;

describe('1. the preface', () => {
  it('is magic, SETTINGS and WINDOW_UPDATE, in one write with the first request', async () => {
    await using session = await connectTo(null);
    session.request({ path: '/first' });
    let reads = 0;
    session.peer.socket.on('data', () => reads++);
    const headers = await session.peer.headers(1);
    assert.equal(headers[':path'], '/first');
    assert.equal(reads, 1);
    assert.deepEqual(
      session.peer.frames.map(({ type }) => type),
      [SETTINGS, WINDOW_UPDATE, HEADERS],
    );
    const { payload } = session.peer.frames[0]!;
    assert.deepEqual([payload.readUInt16BE(6), payload.readUInt32BE(8)], [2, 0], 'push is off');
  });

  it('of the server must be SETTINGS', async () => {
    await using session = await connectTo(null);
    await assertConnectionError(session, 1, frame(PING, 0, 0, '12345678'));
  });

  it('that is HTTP/1 is called so', async () => {
    await using session = await connectTo(null);
    const { outcome } = session.request();
    session.peer.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    const { error } = await outcome;
    assert.equal(error?.code, 1657);
    assert.match(error?.message ?? '', /answers in HTTP\/1/);
  });
});

describe('2. SETTINGS', () => {
  it('are acknowledged once each, in order', async () => {
    await using session = await connectTo();
    session.peer.send(settings([3, 10]), settings([3, 20]));
    const acks = (): number =>
      session.peer.frames.filter(({ type, flags }) => type === SETTINGS && flags === ACK).length;
    await session.peer.until(() => acks() === 3);
    assert.equal(session.client.peer.maxConcurrentStreams, 20);
  });

  it('move the windows of open streams, below zero as well', async () => {
    await using session = await connectTo(settings([4, 10]));
    const { stream } = session.request({ method: 'POST', body: Buffer.alloc(100) });
    const sent = (): number =>
      session.peer.frames.reduce((sum, { type, payload }) => sum + (type === DATA ? payload.length : 0), 0);
    await session.peer.until(() => sent() === 10);
    session.peer.send(settings([4, 5]), frame(WINDOW_UPDATE, 0, 1, word(4)), frame(PING, 0, 0, '12345678'));
    await session.peer.frame(PING);
    assert.equal(sent(), 10);
    assert.equal(stream.sendWindow, -1);
    session.peer.send(settings([4, 200]));
    await session.peer.until(() => sent() === 100);
  });

  for (const [what, code, wrong] of [
    ['a window over 2^31-1', 3, settings([4, 0x8000_0000])],
    ['a frame size under 16,384', 1, settings([5, 16_383])],
    ['a frame size over 2^24-1', 1, settings([5, 0x100_0000])],
    ['push switched on', 1, settings([2, 1])],
    ['a wrong length', 6, frame(SETTINGS, 0, 0, '12345')],
    ['an acknowledgement with a payload', 6, frame(SETTINGS, ACK, 0, '123456')],
    ['a stream', 1, frame(SETTINGS, 0, 1)],
  ] as const)
    it(`with ${what} end the connection`, async () => {
      await using session = await connectTo();
      await assertConnectionError(session, code, wrong);
    });

  it('that lower the streams make requests wait', async () => {
    await using session = await connectTo(settings([3, 1]));
    const first = session.request();
    const second = session.request();
    const third = session.request();
    third.stream.cancel();
    await session.peer.frame(HEADERS, 1);
    assert.equal(session.client.hasRoom, false);
    session.peer.send(answer(1, 'a'));
    await first.outcome;
    await session.peer.frame(HEADERS, 3);
    session.peer.send(settings([3, 0]), answer(3, 'b'));
    assert.equal((await second.outcome).body, 'b');
    const fourth = session.request();
    session.peer.send(settings([3, 1]));
    await session.peer.frame(HEADERS, 5);
    session.peer.send(answer(5, 'c'));
    assert.equal((await fourth.outcome).body, 'c');
  });

  it('with a smaller header table are answered by a size update in the next block', async () => {
    await using session = await connectTo(settings([1, 0]));
    session.request({ headers: [['x-a', 'b']] });
    const { payload } = await session.peer.frame(HEADERS, 1);
    assert.equal(payload[0], 0x20);
    assert.equal((await session.peer.headers(1))['x-a'], 'b');
  });
});

describe('3. header blocks', () => {
  it('of streams that were given up still go through the decoder', async () => {
    await using session = await connectTo();
    const { stream } = session.request();
    await session.peer.frame(HEADERS, 1);
    stream.cancel();
    assert.equal(await session.peer.reset(1), 8);
    const next = session.request();
    await session.peer.frame(HEADERS, 3);
    const indexed = Buffer.from('88400161034e6577', 'hex');
    session.peer.send(frame(HEADERS, END, 1, indexed), frame(HEADERS, END, 3, Buffer.from('88be', 'hex')));
    assert.equal(named((await next.outcome).fields, 'a'), 'New');
  });

  it('that cannot be decoded end the connection', async () => {
    await using session = await connectTo();
    await assertConnectionError(session, 9, frame(HEADERS, END, 1, Uint8Array.of(0x80)));
  });
});

describe('4. limits', () => {
  it('on the header list fail the stream only', async () => {
    await using session = await connectTo(settings(), { maxHeaderListSize: 1000 });
    const { outcome } = session.request();
    await session.peer.frame(HEADERS, 1);
    session.peer.send(frame(HEADERS, END, 1, block({ ':status': '200', big: 'x'.repeat(950) })));
    assert.equal((await outcome).error?.code, 1042);
    const next = session.request();
    await session.peer.frame(HEADERS, 3);
    session.peer.send(answer(3));
    assert.equal((await next.outcome).body, 'hi');
  });

  it('stop a list that is small on the wire and huge when decoded', async () => {
    await using session = await connectTo(settings(), { maxHeaderListSize: 100_000 });
    const { outcome } = session.request();
    await session.peer.frame(HEADERS, 1);
    const entry = Buffer.concat([Buffer.from('884001617fa11e', 'hex'), Buffer.alloc(4000, 'x')]);
    session.peer.send(frame(HEADERS, END, 1, Buffer.concat([entry, Buffer.alloc(10_000, 0xbe)])));
    assert.equal((await outcome).error?.code, 1042);
  });

  it('stop CONTINUATION without end', async () => {
    await using session = await connectTo();
    const endless = Array.from({ length: 200 }, () => frame(CONTINUATION, 0, 1));
    await assertConnectionError(session, 11, frame(HEADERS, 0, 1, OK), ...endless);
  });

  for (const [what, useless] of [
    ['PING', frame(PING, 0, 0, '12345678')],
    ['SETTINGS', settings()],
    ['empty DATA', frame(DATA, 0, 1)],
    ['PRIORITY', frame(PRIORITY, 0, 1, '12345')],
    ['WINDOW_UPDATE', frame(WINDOW_UPDATE, 0, 1, word(1))],
  ] as const)
    it(`stop a flood of ${what}`, async () => {
      await using session = await connectTo();
      const flood = Array.from({ length: 1200 }, () => useless);
      await assertConnectionError(session, 11, frame(HEADERS, END_HEADERS, 1, OK), ...flood);
    });

  it('admit no frame that is longer than announced', async () => {
    await using session = await connectTo();
    await assertConnectionError(session, 6, frame(DATA, 0, 1, Buffer.alloc(16_385)));
  });
});

describe('7. output', () => {
  it('owns its octets: what the caller wrote into the same buffer later is not sent', async () => {
    await using session = await connectTo();
    const body = Buffer.alloc(1000, 'a');
    session.request({ method: 'POST', body });
    body.fill('b');
    assert.equal((await session.peer.frame(DATA)).payload.toString(), 'a'.repeat(1000));
  });

  it('shares one write among all that happens in one turn', async () => {
    await using session = await connectTo();
    await session.peer.until(() => session.peer.frames.some(({ type, flags }) => type === SETTINGS && flags === ACK));
    let reads = 0;
    session.peer.socket.on('data', () => reads++);
    for (let n = 0; n < 10; n++) session.request({ method: 'POST', body: Buffer.alloc(10) });
    await session.peer.until(() => session.peer.frames.filter(({ type }) => type === DATA).length === 10);
    assert.equal(reads, 1);
  });
});

describe('8. streams and their ends', () => {
  it('have odd, ascending ids in the order of sending', async () => {
    await using session = await connectTo(settings([3, 2]));
    const requests = [session.request(), session.request(), session.request(), session.request()];
    requests[2]!.stream.cancel();
    await session.peer.frame(HEADERS, 3);
    session.peer.send(answer(1), answer(3));
    await session.peer.frame(HEADERS, 5);
    assert.equal(requests[3]!.stream.id, 5);
    assert.equal(requests[2]!.stream.id, 0);
  });

  it('above the last of a GOAWAY are for another connection, those below are served', async () => {
    await using session = await connectTo();
    const kept = session.request();
    const refused = session.request();
    await session.peer.frame(HEADERS, 3);
    session.peer.send(
      frame(GOAWAY, 0, 0, word(0x7fff_ffff, 0)),
      frame(GOAWAY, 0, 0, Buffer.concat([word(1, 0), Buffer.from('bye')])),
    );
    const { error, retry } = await refused.outcome;
    assert.deepEqual([error?.code, retry], [1611, 'unseen']);
    assert.equal(
      error?.message,
      'http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR, debug="bye"',
    );
    assert.equal(session.client.usable, false);
    assert.throws(() => session.request());
    session.peer.send(answer(1));
    assert.equal((await kept.outcome).body, 'hi');
    await session.peer.closed();
  });

  it('that have not left when the connection ends are for another one, those that have are not; a connection on which nothing left is none to try again', async () => {
    await using session = await connectTo();
    const sent = session.request({ method: 'POST' });
    await session.peer.headers(1);
    const unsent = session.request({ method: 'POST' });
    // As where the end is read in the turn of the event loop in which the request was made.
    session.client.onClose(null);
    assert.deepEqual([(await sent.outcome).retry, (await unsent.outcome).retry], ['unanswered', 'unseen']);
    await using fresh = await connectTo(null);
    const first = fresh.request();
    fresh.client.onClose(null);
    assert.equal((await first.outcome).retry, 'unanswered');
  });

  it('that the connection takes with it carry its GOAWAY code', async () => {
    await using session = await connectTo();
    const { outcome } = session.request();
    await session.peer.frame(HEADERS, 1);
    session.peer.send(frame(GOAWAY, 0, 0, word(1, 11)));
    session.peer.socket.end();
    assert.equal((await outcome).error?.code, 1622);
  });

  it('that are refused are unseen, others that are reset are not', async () => {
    await using session = await connectTo();
    const refused = session.request();
    const broken = session.request();
    const odd = session.request();
    await session.peer.frame(HEADERS, 5);
    session.peer.send(
      frame(RST_STREAM, 0, 1, word(7)),
      frame(RST_STREAM, 0, 3, word(2)),
      frame(RST_STREAM, 0, 5, word(99)),
    );
    const one = await refused.outcome;
    assert.deepEqual([one.error?.code, one.retry], [1638, 'unseen']);
    const two = await broken.outcome;
    assert.deepEqual(
      [two.error?.code, two.retry, two.error?.message],
      [1633, 'no', 'stream error: stream ID 3; INTERNAL_ERROR; received from peer'],
    );
    assert.equal((await odd.outcome).error?.code, 1630);
  });

  it('end with the connection', async () => {
    await using session = await connectTo();
    const { outcome } = session.request();
    await session.peer.frame(HEADERS, 1);
    session.peer.socket.end();
    const { error, retry } = await outcome;
    assert.deepEqual([error?.code, retry], [1040, 'unanswered']);
  });

  for (const [what, code, wrong] of [
    ['DATA on an idle stream', 1, frame(DATA, 0, 99)],
    ['HEADERS on an idle stream', 1, frame(HEADERS, END, 99, OK)],
    ['HEADERS on an even stream', 1, frame(HEADERS, END, 2, OK)],
    ['RST_STREAM on an idle stream', 1, frame(RST_STREAM, 0, 99, word(0))],
    ['WINDOW_UPDATE on an idle stream', 1, frame(WINDOW_UPDATE, 0, 99, word(1))],
    ['DATA on stream 0', 1, frame(DATA, 0, 0)],
    ['RST_STREAM of a wrong size', 6, frame(RST_STREAM, 0, 1, '123')],
    ['PING of a wrong size', 6, frame(PING, 0, 0, '123')],
    ['PING on a stream', 1, frame(PING, 0, 1, '12345678')],
    ['GOAWAY on a stream', 1, frame(GOAWAY, 0, 1, word(0, 0))],
    ['GOAWAY of a wrong size', 6, frame(GOAWAY, 0, 0, '1234')],
    ['PRIORITY on stream 0', 1, frame(PRIORITY, 0, 0, '12345')],
  ] as const)
    it(`${what} ends the connection`, async () => {
      await using session = await connectTo();
      await assertConnectionError(session, code, wrong);
    });
});

describe('9. responses', () => {
  it('may have any number of informational ones before them, and trailers behind', async () => {
    await using session = await connectTo();
    const { outcome } = session.request();
    await session.peer.frame(HEADERS, 1);
    session.peer.send(
      frame(HEADERS, END_HEADERS, 1, block({ ':status': '100' })),
      frame(HEADERS, END_HEADERS, 1, block({ ':status': '103', link: '</a>' })),
      frame(HEADERS, END_HEADERS, 1, OK),
      frame(DATA, 0, 1, 'body'),
      frame(HEADERS, END, 1, block({ checksum: '7' })),
    );
    const { status, body, trailers } = await outcome;
    assert.deepEqual([status, body, named(trailers, 'checksum')], [200, 'body', '7']);
  });

  for (const [what, ...wrong] of [
    ['DATA before HEADERS', frame(DATA, END_STREAM, 1, 'x')],
    [
      'HEADERS that do not end the stream',
      frame(HEADERS, END_HEADERS, 1, OK),
      frame(HEADERS, END_HEADERS, 1, block({ a: 'b' })),
    ],
    ['an informational response that ends the stream', frame(HEADERS, END, 1, block({ ':status': '100' }))],
    ['no status', frame(HEADERS, END, 1, block({ a: 'b' }))],
    ['a malformed status', frame(HEADERS, END, 1, block({ ':status': '2x0' }))],
    [
      'two statuses',
      frame(
        HEADERS,
        END,
        1,
        block([
          [':status', '200'],
          [':status', '200'],
        ]),
      ),
    ],
    ['status 101', frame(HEADERS, END_HEADERS, 1, block({ ':status': '101' }))],
    [
      'less than its content-length',
      frame(HEADERS, END_HEADERS, 1, block({ ':status': '200', 'content-length': '5' })),
      frame(DATA, END_STREAM, 1, 'abc'),
    ],
    [
      'more than its content-length',
      frame(HEADERS, END_HEADERS, 1, block({ ':status': '200', 'content-length': '2' })),
      frame(DATA, END_STREAM, 1, 'abc'),
    ],
    ['a content-length that is no number', frame(HEADERS, END, 1, block({ ':status': '200', 'content-length': '-1' }))],
    ['an upper-case name', frame(HEADERS, END, 1, block({ ':status': '200', Server: 'x' }))],
    ['a space in a name', frame(HEADERS, END, 1, block({ ':status': '200', 'a b': 'x' }))],
    ['a line break in a value', frame(HEADERS, END, 1, block({ ':status': '200', a: 'x\r\ny: z' }))],
    [
      'a pseudo header behind a regular one',
      frame(
        HEADERS,
        END,
        1,
        block([
          ['a', 'b'],
          [':status', '200'],
        ]),
      ),
    ],
    ['an unknown pseudo header', frame(HEADERS, END, 1, block({ ':status': '200', ':path': '/' }))],
    ['a connection-specific header', frame(HEADERS, END, 1, block({ ':status': '200', connection: 'close' }))],
    ['transfer-encoding', frame(HEADERS, END, 1, block({ ':status': '200', 'transfer-encoding': 'chunked' }))],
    [
      'a pseudo header in trailers',
      frame(HEADERS, END_HEADERS, 1, OK),
      frame(HEADERS, END, 1, block({ ':status': '200' })),
    ],
    [
      'a body with status 304',
      frame(HEADERS, END_HEADERS, 1, block({ ':status': '304' })),
      frame(DATA, END_STREAM, 1, 'x'),
    ],
  ] as [string, ...Buffer[]][])
    it(`${what}: the stream is reset, the connection goes on`, async () => {
      await using session = await connectTo();
      await assertStreamError(session, 1, ...wrong);
    });

  it('to HEAD, and with 304, announce lengths that do not come', async () => {
    await using session = await connectTo();
    const head = session.request({ method: 'HEAD' });
    const cached = session.request();
    await session.peer.frame(HEADERS, 3);
    session.peer.send(
      frame(HEADERS, END, 1, block({ ':status': '200', 'content-length': '100' })),
      frame(HEADERS, END, 3, block({ ':status': '304', 'content-length': '100' })),
    );
    assert.deepEqual([(await head.outcome).status, (await cached.outcome).status], [200, 304]);
  });
});

describe('10. a server that finishes early', () => {
  it('gets the rest of the body no more, and its answer stands', async () => {
    await using session = await connectTo(settings([4, 1000]));
    const { outcome } = session.request({ method: 'POST', body: Buffer.alloc(5000) });
    await session.peer.frame(DATA, 1);
    session.peer.send(answer(1, 'enough'), frame(RST_STREAM, 0, 1, word(0)), frame(WINDOW_UPDATE, 0, 1, word(10_000)));
    assert.equal((await outcome).body, 'enough');
    assert.equal(await session.peer.reset(1), 0);
    session.peer.send(frame(PING, 0, 0, 'barrier1'));
    await session.peer.frame(PING);
    assert.equal(session.peer.frames.filter(({ type }) => type === DATA).length, 1);
  });
});

describe('11. frames that a client does not want', () => {
  it('PUSH_PROMISE ends the connection', async () => {
    await using session = await connectTo();
    await assertConnectionError(session, 1, frame(PUSH_PROMISE, END_HEADERS, 1, Buffer.concat([word(2), OK])));
  });

  it('PRIORITY, priority octets, padding, unknown frames, flags and settings are passed over', async () => {
    await using session = await connectTo();
    const { outcome } = session.request();
    await session.peer.frame(HEADERS, 1);
    const padded = Buffer.concat([Uint8Array.of(3), Buffer.alloc(5), OK, Buffer.alloc(3)]);
    session.peer.send(
      settings([0x99, 7]),
      frame(0xee, 0xff, 1, 'unknown'),
      frame(PRIORITY, 0, 1, '12345'),
      frame(HEADERS, END_HEADERS | PADDED | PRIORITY_FLAG | 0x80, 1, padded),
      frame(DATA, PADDED | END_STREAM, 1, '\x02ok\0\0'),
    );
    assert.equal((await outcome).body, 'ok');
  });

  for (const [what, ...wrong] of [
    ['an unknown frame inside a header block', frame(HEADERS, 0, 1, OK), frame(0xee, 0, 1)],
    ['CONTINUATION of another stream', frame(HEADERS, 0, 1, OK), frame(CONTINUATION, END_HEADERS, 3)],
    ['CONTINUATION without HEADERS', frame(CONTINUATION, END_HEADERS, 1, OK)],
    ['HEADERS with too much padding', frame(HEADERS, END | PADDED, 1, Uint8Array.of(9, 0x88))],
    ['DATA with too much padding', frame(HEADERS, END_HEADERS, 1, OK), frame(DATA, PADDED, 1, Uint8Array.of(2, 0))],
  ] as [string, ...Buffer[]][])
    it(`${what} ends the connection`, async () => {
      await using session = await connectTo();
      await assertConnectionError(session, 1, ...wrong);
    });

  it('PING is answered with its octets', async () => {
    await using session = await connectTo();
    session.peer.send(frame(PING, 0, 0, 'abcdefgh'));
    const { flags, payload } = await session.peer.frame(PING);
    assert.deepEqual([flags, payload.toString()], [ACK, 'abcdefgh']);
  });
});

describe('13. frames in pieces', () => {
  it('that come octet by octet are put together', async () => {
    await using session = await connectTo(null);
    const { outcome } = session.request();
    await session.peer.frame(HEADERS, 1);
    await session.peer.drip(
      settings([3, 5]),
      frame(HEADERS, 0, 1, OK),
      frame(CONTINUATION, END_HEADERS, 1, block({ a: 'b' })),
      frame(PING, 0, 0, '12345678'),
      frame(DATA, 0, 1),
      frame(DATA, PADDED, 1, '\x01drop\0'),
      frame(HEADERS, END, 1, block({ end: 'yes' })),
    );
    const { body, fields, trailers } = await outcome;
    assert.deepEqual([body, named(fields, 'a'), named(trailers, 'end')], ['drop', 'b', 'yes']);
  });

  it('are read wherever the pieces are cut', async () => {
    const whole = Buffer.concat([settings(), answer(1, 'x'.repeat(40))]);
    for (let cut = 1; cut < whole.length; cut += 3) {
      await using session = await connectTo(null);
      const { outcome } = session.request();
      await session.peer.frame(HEADERS, 1);
      session.peer.send(whole.subarray(0, cut));
      await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
      session.peer.send(whole.subarray(cut));
      assert.equal((await outcome).body.length, 40);
    }
  });

  it('a request head over the frame size goes out with CONTINUATION', async () => {
    await using session = await connectTo();
    session.request({ headers: [['x-large', '~'.repeat(40_000)]] });
    assert.equal((await session.peer.headers(1))['x-large']?.length, 40_000);
    assert.deepEqual(
      session.peer.frames.filter(({ id }) => id === 1).map(({ type }) => type),
      [HEADERS, CONTINUATION, CONTINUATION],
    );
  });
});
