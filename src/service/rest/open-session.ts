// Whoever is let in gets a session: a cookie that no script can read and no other site can have sent.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addCredential, SESSION_MS } from '../people/people.ts';
import type { Reader } from '../storage/database.ts';

export const SESSION_COOKIE = 'sixfold_session';

/** @returns what the cookie holds */
export async function openSession(
  reader: Reader,
  userId: string,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<string> {
  const { text } = await addCredential(reader, { kind: 'session', user_id: userId, lifeMs: SESSION_MS });
  void reply.setCookie(SESSION_COOKIE, text, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    maxAge: SESSION_MS / 1000,
  });
  return text;
}
