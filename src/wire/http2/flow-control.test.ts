import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answer, assertConnectionError, assertStreamError, OK } from './connection-outcomes.fixture.ts';
import { ACK, DATA, END_HEADERS, END_STREAM, HEADERS, PADDED, PING, SETTINGS, WINDOW_UPDATE } from './protocol.ts';
import { connectTo, frame, Recorder, settings, word } from './scripted-server.fixture.ts';

describe('5. flow control of what comes', () => {
  it('counts padding, for the connection and the stream, and returns all of it', async () => {
    await using session = await connectTo(settings(), {
      initialWindow: 65_535,
      connectionWindow: 65_535,
      maxWindow: 65_535,
    });
    const { outcome } = session.request();
    await session.peer.frame(HEADERS, 1);
    const padded = frame(DATA, PADDED, 1, Buffer.concat([Uint8Array.of(255), Buffer.from('12345'), Buffer.alloc(255)]));
    session.peer.send(frame(HEADERS, END_HEADERS, 1, OK));
    let rest = 65_535;
    let at = 0;
    for (let sent = 0; sent < 2000; sent++) {
      // A server that takes the windows at their word.
      while (rest < 261) {
        await session.peer.until(() =>
          session.peer.frames.slice(at).some(({ type, id }) => type === WINDOW_UPDATE && id === 1),
        );
        for (const each of session.peer.frames.slice(at))
          if (each.type === WINDOW_UPDATE && each.id === 1) rest += each.payload.readUInt32BE(0);
        at = session.peer.frames.length;
      }
      session.peer.send(padded);
      rest -= 261;
    }
    session.peer.send(frame(DATA, END_STREAM, 1));
    assert.equal((await outcome).body.length, 10_000);
  });

  it('ends a stream, or the connection, whose window is overrun', async () => {
    const chunks = (count: number): Buffer[] =>
      Array.from({ length: count }, () => frame(DATA, 0, 1, Buffer.alloc(10_000)));
    await using one = await connectTo(settings(), { initialWindow: 20_000, maxWindow: 20_000 });
    const recorder = new Recorder();
    const stream = one.client.open(one.request().stream.block, recorder, { endStream: true });
    stream.pause();
    await one.peer.frame(HEADERS, 3);
    one.peer.send(frame(HEADERS, END_HEADERS, 3, OK));
    for (let n = 0; n < 3; n++) one.peer.send(frame(DATA, 0, 3, Buffer.alloc(10_000)));
    assert.equal(await one.peer.reset(3), 3);
    assert.equal((await recorder.outcome).error?.code, 1634);
    await using two = await connectTo(settings(), { initialWindow: 1000, connectionWindow: 65_535 });
    const unread = two.request();
    await two.peer.frame(HEADERS, 1);
    unread.stream.cancel();
    await two.peer.reset(1);
    two.peer.send(...chunks(5));
    // What came for a stream that is gone is returned all the same.
    const { payload } = await two.peer.frame(WINDOW_UPDATE, 0);
    assert.ok(payload.readUInt32BE(0) >= 32_768);
  });

  it('makes a server wait whose reader has paused', async () => {
    await using session = await connectTo(settings(), { initialWindow: 20_000, maxWindow: 20_000 });
    const { stream, outcome } = session.request();
    stream.pause();
    await session.peer.frame(HEADERS, 1);
    session.peer.send(
      frame(HEADERS, END_HEADERS, 1, OK),
      frame(DATA, 0, 1, Buffer.alloc(15_000)),
      frame(PING, 0, 0, 'barrier1'),
    );
    await session.peer.frame(PING);
    assert.equal(
      session.peer.frames.some(({ type, id }) => type === WINDOW_UPDATE && id === 1),
      false,
    );
    stream.resume();
    assert.equal((await session.peer.frame(WINDOW_UPDATE, 1)).payload.readUInt32BE(0), 15_000);
    session.peer.send(frame(DATA, END_STREAM, 1));
    assert.equal((await outcome).body.length, 15_000);
  });

  it('grows the windows when much comes within one round trip', async () => {
    await using session = await connectTo(settings(), {
      initialWindow: 20_000,
      connectionWindow: 65_535,
      maxWindow: 1_000_000,
    });
    session.request();
    await session.peer.frame(HEADERS, 1);
    session.peer.send(frame(HEADERS, END_HEADERS, 1, OK));
    const second = session.request();
    await session.peer.frame(HEADERS, 3);
    session.peer.send(frame(HEADERS, END_HEADERS, 3, OK));
    const chunk = Buffer.alloc(16_000);
    session.peer.send(frame(DATA, 0, 1, chunk), frame(DATA, 0, 3, chunk), frame(DATA, 0, 1, Buffer.alloc(1000)));
    const { payload } = await session.peer.frame(PING);
    session.peer.send(
      frame(DATA, 0, 3, Buffer.alloc(4000)),
      frame(DATA, 0, 1, Buffer.alloc(3000)),
      frame(DATA, 0, 1, Buffer.alloc(4000)),
      frame(PING, ACK, 0, payload),
    );
    await session.peer.until(() =>
      session.peer.frames.some(
        ({ type, payload: body }) => type === SETTINGS && body.length === 6 && body.readUInt32BE(2) === 40_000,
      ),
    );
    second.stream.cancel();
  });
});

describe('6. flow control of what goes', () => {
  it('brings a large upload through small windows', async () => {
    await using session = await connectTo(settings([4, 100]));
    const { outcome } = session.request({ method: 'POST', body: Buffer.alloc(200_000, 'u') });
    let seen = 0;
    let at = 0;
    while (seen < 200_000) {
      await session.peer.until(() => session.peer.frames.length > at);
      for (const { type, payload } of session.peer.frames.slice(at)) {
        at++;
        if (type !== DATA) continue;
        seen += payload.length;
        session.peer.send(frame(WINDOW_UPDATE, 0, 1, word(3000)), frame(WINDOW_UPDATE, 0, 0, word(payload.length)));
      }
    }
    await session.peer.until(() =>
      session.peer.frames.some(({ type, flags }) => type === DATA && flags === END_STREAM),
    );
    session.peer.send(answer(1, 'got it'));
    assert.equal((await outcome).body, 'got it');
  });

  it('lets streams take turns, and an empty END_STREAM pass a closed window', async () => {
    await using session = await connectTo(settings([4, 1 << 20]));
    session.request({ method: 'POST', body: Buffer.alloc(40_000, 'a') });
    session.request({ method: 'POST', body: Buffer.alloc(40_000, 'b') });
    const recorder = new Recorder();
    const open = session.client.open(session.request({ method: 'POST' }).stream.block, recorder, { endStream: false });
    const data = (): number[] => session.peer.frames.filter(({ type }) => type === DATA).map(({ id }) => id);
    await session.peer.until(() => data().length >= 4);
    assert.deepEqual(data().slice(0, 4), [1, 3, 1, 3]);
    open.end();
    await session.peer.until(() =>
      session.peer.frames.some(({ type, id, flags }) => type === DATA && id === open.id && flags === END_STREAM),
    );
  });

  for (const [what, code, wrong] of [
    ['WINDOW_UPDATE by zero on the connection', 1, frame(WINDOW_UPDATE, 0, 0, word(0))],
    ['a connection window over 2^31-1', 3, frame(WINDOW_UPDATE, 0, 0, word(0x7fff_ffff))],
    ['WINDOW_UPDATE of a wrong size', 6, frame(WINDOW_UPDATE, 0, 0, '123')],
  ] as const)
    it(`ends the connection for ${what}`, async () => {
      await using session = await connectTo();
      await assertConnectionError(session, code, wrong);
    });

  it('ends the stream for WINDOW_UPDATE by zero, and for a window over 2^31-1', async () => {
    await using zero = await connectTo();
    await assertStreamError(zero, 1, frame(WINDOW_UPDATE, 0, 1, word(0)));
    await using large = await connectTo();
    await assertStreamError(large, 3, frame(WINDOW_UPDATE, 0, 1, word(0x7fff_ffff)));
  });
});
