// Who may talk to a server of a run: not pages of other sites in somebody's browser, nobody without the token.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ApiAddress, isLoopback } from './api-address.ts';

/** An answer that says what is wrong. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

/**
 * Refuses other hosts and origins.
 * @param needsToken says of a request whether it has to show the token
 */
export function guardAccess(
  app: FastifyInstance,
  address: ApiAddress,
  token: string | null,
  needsToken: (request: FastifyRequest) => boolean,
): void {
  app.addHook('onRequest', async (request) => {
    // A name that somebody has pointed at this machine (DNS rebinding) is not ours.
    const name = request.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    if (isLoopback(address) && !isLoopback({ host: name, port: 0 }))
      throw new ApiError(403, 'Forbidden', `the host "${name}" is not one of this API: use localhost`);
    const { origin } = request.headers;
    if (origin !== undefined && URL.parse(origin)?.host !== request.host)
      throw new ApiError(403, 'Forbidden', `pages of ${origin} may not use this API`);
    if (token === null || !needsToken(request)) return;
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!timingSafeEqual(digest(given), digest(token)))
      throw new ApiError(401, 'Unauthorized', 'the token is missing or wrong: send "Authorization: Bearer TOKEN"');
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
