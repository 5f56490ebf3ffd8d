// Who may see pages beside a run, and who may give orders from them.
import type { FastifyRequest } from 'fastify';
import { type ApiAddress, isLoopback } from './api-address.ts';
import { isDocs } from './routes/docs.ts';
import { isHistoryPage } from './routes/history.ts';

/** @returns whether a request has to show the token: to read it is asked of other machines alone, and the pages themselves hold nothing of a run */
export function pagesNeedToken(address: ApiAddress): (request: FastifyRequest) => boolean {
  const isLocal = isLoopback(address);
  return ({ url, method }) => {
    const isOpen = url === '/' || isHistoryPage(url) || isDocs(url);
    return method === 'GET' || method === 'HEAD' ? !isLocal && !isOpen : true;
  };
}
