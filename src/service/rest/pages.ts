// What browsers get: the page of the service under all paths of its own.
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { readPage } from '../../report/html-report.ts';
import { Problem } from './problem.ts';

/** Adds the page. Paths that are none of the API's are places within it: it finds its way by itself. */
export function addPages(app: FastifyInstance): void {
  app.get('/api/*', async (request) => {
    throw new Problem('missing', `there is nothing at ${request.url.split('?')[0]}`);
  });
  app.get('/*', async (request, reply) => {
    const html = await readPage('service');
    // A browser keeps it from one place to the next, and asks whether it is still the same.
    const tag = `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`;
    void reply.header('etag', tag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === tag) return reply.code(304).send();
    return reply.type('text/html; charset=utf-8').send(html);
  });
}
