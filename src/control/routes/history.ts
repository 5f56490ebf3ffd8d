// The runs that are kept: pages under `/runs`, and what these ask for. Runs are compared in the browser, so that a run under way pays
// for no looking back.
import type { FastifyInstance } from 'fastify';
import { embedRun, readPage } from '../../report/html-report.ts';
import { ApiError } from '../access-guard.ts';
import { HistoryStore, type StoredRun } from '../history/history-store.ts';

type OfRun = { readonly Params: { readonly id: string } };

/**
 * Pages that hold nothing of any run, and the API behind them.
 * @param file the history; opened when somebody asks first
 */
export function addHistory(app: FastifyInstance, file: string): void {
  let opened: HistoryStore | null = null;
  const store = (): HistoryStore => {
    try {
      opened ??= new HistoryStore(file);
      return opened;
    } catch (error) {
      throw new ApiError(500, 'No history', `the history in ${file} cannot be used: ${(error as Error).message}`);
    }
  };
  app.addHook('onClose', async () => {
    opened?.close();
    opened = null;
  });

  const page = async (): Promise<string> => readPage('runs');
  for (const path of ['/runs', '/runs/:id'])
    app.get(path, async (_, reply) => reply.type('text/html; charset=utf-8').send(await page()));
  app.get('/runs/', (_, reply) => reply.redirect('/runs'));

  app.get('/api/runs', (_, reply) => reply.type('application/json').send(JSON.stringify(store().list())));
  app.get<OfRun>('/api/runs/:id', ({ params: { id } }, reply) =>
    reply.type('application/octet-stream').send(Buffer.from(bytesOf(store(), id))),
  );
  app.get<OfRun>('/api/runs/:id/report.html', async ({ params: { id } }, reply) => {
    const html = embedRun(await readPage('report'), Buffer.from(bytesOf(store(), id)));
    return reply
      .header('content-disposition', `attachment; filename="${id.replace(/[^\w.-]/g, '')}.html"`)
      .type('text/html; charset=utf-8')
      .send(html);
  });
  app.post<OfRun>('/api/runs/:id', ({ params: { id }, body }, reply) => {
    const { id: found } = rowOf(store(), id);
    store().pin(found, readPin(body));
    return reply.type('application/json').send(JSON.stringify(rowOf(store(), id)));
  });
  app.delete<OfRun>('/api/runs/:id', ({ params: { id } }, reply) => {
    const row = rowOf(store(), id);
    if (row.state === 'running') throw new ApiError(409, 'Not over', `the run ${id} is not over yet: stop it first`);
    store().remove(row.id);
    return reply.code(204).send();
  });
}

/** Whether a request is one for a page, which anybody may have: what is in it comes from the API. */
export function isHistoryPage(url: string): boolean {
  return /^\/runs(?:[/?]|$)/.test(url);
}

/** @throws ApiError 404 */
function rowOf(store: HistoryStore, id: string): StoredRun {
  const row = store.find(id);
  if (row === null) throw new ApiError(404, 'No such run', `there is no run "${id}": it may have been removed`);
  return row;
}

/** @throws ApiError 404 where nothing of it is kept */
function bytesOf(store: HistoryStore, id: string): Uint8Array {
  const { state } = rowOf(store, id);
  const bytes = store.read(id);
  if (bytes !== null) return bytes;
  throw new ApiError(
    404,
    'Nothing kept',
    state === 'running'
      ? `the run ${id} is not over yet`
      : `the run ${id} was lost before its end: nothing of it is kept but when it began`,
  );
}

/** @throws ApiError 400 */
function readPin(body: unknown): boolean {
  let order: { pinned?: unknown } | null = null;
  try {
    order = JSON.parse(String(body ?? ''));
  } catch {
    // Said below.
  }
  if (typeof order?.pinned !== 'boolean') throw new ApiError(400, 'Bad request', 'send {"pinned": true} or false');
  return order.pinned;
}
