// The kept runs on an address of their own: `sixfold runs web`.
import type { ApiAddress } from './api-address.ts';
import { type ControlServer, openControlServer } from './control-server.ts';
import { hardenAnswers } from './harden-answers.ts';
import { pagesNeedToken } from './page-access.ts';
import { addHistory } from './routes/history.ts';

/** Of a request, in bytes: orders are short. */
const BODY_LIMIT = 4 * 1024;

/**
 * @param file the history
 * @param token what callers have to show who change something, and who come from other machines
 * @throws Error where the address cannot be had
 */
export function openRunsServer(
  file: string,
  { address, token }: { readonly address: ApiAddress; readonly token: string },
): Promise<ControlServer> {
  return openControlServer({
    address,
    token,
    bodyLimit: BODY_LIMIT,
    needsToken: pagesNeedToken(address),
    addRoutes: (app) => {
      hardenAnswers(app);
      app.get('/', (_, reply) => reply.redirect('/runs'));
      addHistory(app, file);
    },
  });
}
