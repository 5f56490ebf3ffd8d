// The live page of a run: the page itself, everything so far, and events from then on. The run never waits for a browser.
import type { FastifyInstance } from 'fastify';
import type { Timeline } from '../metrics/timeline/timeline.ts';
import type { RunStanding } from '../report/build-record.ts';
import { embedRun, readPage } from '../report/html-report.ts';
import type { RunRecord } from '../report/run-record.ts';
import { ControlError, type RunControl } from '../run/run-control.ts';
import { ApiError } from './access-guard.ts';
import type { ApiAddress } from './api-address.ts';
import { type ControlServer, openControlServer } from './control-server.ts';
import { EventStream } from './event-stream.ts';
import { hardenAnswers } from './harden-answers.ts';
import { KeptAnswer } from './kept-answer.ts';
import { pagesNeedToken } from './page-access.ts';
import { addHistory } from './routes/history.ts';

/** Of a request, in bytes: orders are short. */
const BODY_LIMIT = 64 * 1024;
/** Browsers ask every few seconds; what is no older than this is the same for all of them, in ms. */
const RECORD_AGE_MS = 4500;
/** Those that come at once get the same, in ms. */
const TIMELINE_AGE_MS = 200;
const STATE_PERIOD_MS = 1000;
/** How long the last events may take to leave, in ms. */
const FAREWELL_MS = 1000;

/** What the page is about. */
export interface ShownRun {
  record(): RunRecord;
  /** What of it changes from second to second. */
  standing(): RunStanding;
  /** Record and timeline with all rows, as pages take them. */
  deflateAll(): Buffer;
  /** As a report holds them. */
  deflate(): Buffer;
  readonly timeline: { readonly timeline: Timeline };
}

export interface WebServer extends ControlServer {
  /** Tells all readers how it stands: done once a second by itself. */
  tell(): void;
  /** Tells all readers how it ended, and closes. */
  finish(): Promise<void>;
}

export interface WebServerOptions {
  readonly address: ApiAddress;
  /** What callers have to show who steer the run, and who come from other machines. */
  readonly token: string;
  /** The file of the runs that are kept; null: none are. */
  readonly history: string | null;
}

/**
 * Serves the page of a run.
 * @throws Error where the address cannot be had
 */
export async function openWebServer(
  run: ShownRun,
  control: RunControl,
  { address, token, history }: WebServerOptions,
): Promise<WebServer> {
  const events = new EventStream(run.timeline.timeline);
  const server = await openControlServer({
    address,
    token,
    bodyLimit: BODY_LIMIT,
    needsToken: pagesNeedToken(address),
    addRoutes: (app) => addRoutes(app, run, control, events, history),
  });
  const tell = (): void => events.send('state', () => run.standing());
  const ticking = setInterval(tell, STATE_PERIOD_MS);
  ticking.unref();
  const close = async (): Promise<void> => {
    clearInterval(ticking);
    events.close();
    await server.close();
  };
  const finish = async (): Promise<void> => {
    if (events.readers > 0) {
      events.send('end', () => ({ run: run.deflateAll().toString('base64') }));
      events.close();
      const deadline = performance.now() + FAREWELL_MS;
      while (events.readers > 0 && performance.now() < deadline) await new Promise((next) => setTimeout(next, 10));
    }
    await close();
  };
  return { address: server.address, tell, finish, close };
}

function addRoutes(
  app: FastifyInstance,
  run: ShownRun,
  control: RunControl,
  events: EventStream,
  history: string | null,
): void {
  const { timeline } = run.timeline;
  const records = new KeptAnswer(() => Buffer.from(JSON.stringify(run.record())));
  const timelines = new KeptAnswer(() => run.deflateAll());
  hardenAnswers(app);
  app.get('/', async (_, reply) =>
    reply.type('text/html; charset=utf-8').send(await readPage('report', history !== null)),
  );
  if (history !== null) addHistory(app, history);
  // A row or a code that is new is not in what was made before.
  app.get('/api/run', (_, reply) =>
    reply.type('application/json').send(records.get(timeline.rows.length + timeline.codes.length, RECORD_AGE_MS)),
  );
  app.get('/api/timeline', (_, reply) =>
    reply
      .header('x-cells', String(timeline.cells))
      .type('application/octet-stream')
      // The events that a page has begun to listen to say nothing of the cells before.
      .send(timelines.get(timeline.cells, TIMELINE_AGE_MS)),
  );
  app.get('/api/events', (_, reply) => {
    reply.hijack();
    events.add(reply.raw);
  });
  app.get('/report.html', async (_, reply) =>
    reply
      .header('content-disposition', 'attachment; filename="report.html"')
      .type('text/html; charset=utf-8')
      .send(embedRun(await readPage('report'), run.deflate())),
  );
  app.post('/api/control', (request, reply) => {
    steer(control, request.body);
    return reply.type('application/json').send(JSON.stringify(run.standing()));
  });
}

/** @throws ApiError 400 for what is no order, ControlError for one that cannot be carried out now */
function steer(control: RunControl, body: unknown): void {
  let order: { action?: unknown; vus?: unknown; maxVus?: unknown } | null;
  try {
    order = JSON.parse(String(body ?? ''));
  } catch (error) {
    throw new ApiError(400, 'Bad request', `the body is no JSON: ${(error as Error).message}`);
  }
  switch (order?.action) {
    case 'pause':
      control.pause();
      return;
    case 'resume':
      control.resume();
      return;
    case 'stop':
      control.stop();
      return;
    case 'scale': {
      const { vus, maxVus } = order;
      for (const value of [vus, maxVus])
        if (value !== undefined && typeof value !== 'number')
          throw new ControlError('invalid', '"vus" and "maxVus" must be numbers');
      control.scale({
        ...(typeof vus === 'number' && { vus }),
        ...(typeof maxVus === 'number' && { maxVus }),
      });
      return;
    }
    default:
      throw new ApiError(400, 'Bad request', '"action" must be pause, resume, scale or stop');
  }
}
