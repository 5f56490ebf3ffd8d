// What browsers get: the page of the service under all paths of its own.
import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';

/** Adds the page. Paths that are none of the API's are places within it: it finds its way by itself. */
export function addPages(app: FastifyInstance): void {
  app.get('/', async (_, reply) => reply.redirect('/docs/'));
  app.get('/api/*', async (request) => {
    throw new Problem('missing', `there is nothing at ${request.url.split('?')[0]}`);
  });
}
