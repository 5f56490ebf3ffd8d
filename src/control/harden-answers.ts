// Headers of pages that show a run: they are about this moment, are what they say they are, and stand in no page of somebody else.
import type { FastifyInstance } from 'fastify';

export function hardenAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (_, reply) => {
    void reply
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "frame-ancestors 'none'");
  });
}
