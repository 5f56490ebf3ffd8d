// The kept runs on an address of their own: `sixfold runs web`.
import { type ApiAddress, isLoopback } from './api-address.ts';
import { type ControlServer, openControlServer } from './control-server.ts';
import { hardenAnswers } from './harden-answers.ts';
import { isDocs } from './routes/docs.ts';
import { addHistory, isHistoryPage } from './routes/history.ts';

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
  const isLocal = isLoopback(address);
  return openControlServer({
    address,
    token,
    bodyLimit: BODY_LIMIT,
    needsToken: ({ url, method }) => {
      const isOpen = url === '/' || isHistoryPage(url) || isDocs(url);
      return method === 'GET' || method === 'HEAD' ? !isLocal && !isOpen : true;
    },
    addRoutes: (app) => {
      hardenAnswers(app);
      app.get('/', (_, reply) => reply.redirect('/runs'));
      addHistory(app, file);
    },
  });
}
