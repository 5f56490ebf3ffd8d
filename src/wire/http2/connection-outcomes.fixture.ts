// For tests of connections: usual answers of a server, and the two ways in which a wrong frame ends something.
import assert from 'node:assert/strict';
import { DATA, END_HEADERS, END_STREAM, HEADERS } from './protocol.ts';
import { block, frame, type Session } from './scripted-server.fixture.ts';

export const OK = block({ ':status': '200' });
export const END = END_HEADERS | END_STREAM;
/** A whole response on a stream. */
export const answer = (id: number, body = 'hi'): Buffer =>
  Buffer.concat([frame(HEADERS, END_HEADERS, id, OK), frame(DATA, END_STREAM, id, body)]);

/** The connection ends with this error code, found by us. */
export async function assertConnectionError(session: Session, code: number, ...frames: Uint8Array[]): Promise<void> {
  const { outcome } = session.request();
  await session.peer.frame(HEADERS);
  session.peer.send(...frames);
  assert.equal(await session.peer.goaway(), code);
  const { error } = await outcome;
  assert.equal(error?.code, 1651 + code);
  assert.equal(session.client.usable, false);
  await session.peer.closed();
}

/** Stream 1 is reset by us with this code; the connection goes on. */
export async function assertStreamError(session: Session, code: number, ...frames: Uint8Array[]): Promise<void> {
  const { outcome } = session.request();
  await session.peer.frame(HEADERS, 1);
  session.peer.send(...frames);
  assert.equal(await session.peer.reset(1), code);
  assert.equal((await outcome).error?.code, 1631 + code);
  const next = session.request();
  await session.peer.frame(HEADERS, 3);
  session.peer.send(answer(3));
  assert.equal((await next.outcome).body, 'hi');
}
