// Whose the sessions of a connection are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PageSessions } from './page-sessions.ts';

const attached = (
  sessionId: string,
  type: string,
  targetId: string,
  parent?: string,
  browserContextId = 'context',
) => ({
  method: 'Target.attachedToTarget',
  params: { sessionId, targetInfo: { targetId, type, browserContextId } },
  ...(parent !== undefined && { sessionId: parent }),
});

test('a page’s session is its own, and what runs beside it in other processes is its page’s', () => {
  const sessions = new PageSessions();
  sessions.hear(attached('p', 'page', 'page-1'));
  sessions.hear(attached('f', 'iframe', 'frame-1', 'p'));
  sessions.hear(attached('w', 'worker', 'worker-1', 'f'));
  const page = { targetId: 'page-1', contextId: 'context' };
  assert.deepEqual(
    ['p', 'f', 'w'].map((id) => sessions.of(id)),
    [page, page, page],
  );
});

test('a page that another one has opened is a page of its own', () => {
  const sessions = new PageSessions();
  sessions.hear(attached('p', 'page', 'page-1'));
  sessions.hear(attached('popup', 'page', 'page-2', 'p', 'other'));
  assert.deepEqual(sessions.of('popup'), { targetId: 'page-2', contextId: 'other' });
});

test('what belongs to no page is nobody’s, and so is what has ended or was never heard of', () => {
  const sessions = new PageSessions();
  sessions.hear(attached('s', 'service_worker', 'sw-1'));
  sessions.hear(attached('browser', 'browser', 'b', 'unknown'));
  sessions.hear(attached('p', 'page', 'page-1'));
  sessions.hear({ method: 'Target.detachedFromTarget', params: { sessionId: 'p' } });
  sessions.hear({ method: 'Target.attachedToTarget' });
  sessions.hear({ id: 5, result: {} });
  for (const id of ['s', 'browser', 'p', 'none', undefined]) assert.equal(sessions.of(id), null, String(id));
});
