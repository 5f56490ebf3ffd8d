import type { FastifyInstance } from 'fastify';

/** The reference of codes under `/docs/`. It has no secrets: whoever can reach the address may read it. */
export function addDocs(app: FastifyInstance): void {
  app.get('/docs', (_, reply) => reply.redirect('/docs/'));
  app.get('/docs/*', async (request, reply) => {
    // Its texts in all languages are many: they are loaded for whoever reads them.
    const { answerReference } = await import('../../reference/answer.ts');
    const { status, headers, body } = await answerReference(
      request.url.slice('/docs'.length),
      request.headers['accept-language'],
    );
    return reply.code(status).headers(headers).send(body);
  });
}

/** Whether a request is one for the reference. */
export function isDocs(url: string): boolean {
  return url === '/docs' || url.startsWith('/docs/');
}
