// Messages that are to be sent to webhooks: written with what they tell of, so that none is lost.
import type { HookEvent } from '../api/documents.ts';
import { runDocument } from '../runs/run-documents.ts';
import type { RunRow } from '../runs/run-queue.ts';
import type { Reader } from '../storage/database.ts';
import { newId } from '../storage/new-id.ts';

/** Queues a message for each webhook of the run's project that wants it. @param publicUrl what links begin with */
export async function queueHooks(reader: Reader, row: RunRow, event: HookEvent, publicUrl: string): Promise<void> {
  const hooks = await reader
    .selectFrom('webhook')
    .select(['id', 'events'])
    .where('project_id', '=', row.project_id)
    .where('is_enabled', '=', 1)
    .execute();
  const wanted = hooks.filter(({ events }) => (JSON.parse(events) as string[]).includes(event));
  if (wanted.length === 0) return;
  const now = Date.now();
  // Parameters may be what people have typed by mistake: they stay here.
  const { parameters: _, ...run } = runDocument(row);
  const body = JSON.stringify({ event, atMs: now, run, link: `${publicUrl}/runs/${row.id}` });
  await reader
    .insertInto('webhook_delivery')
    .values(
      wanted.map(({ id }) => ({
        id: newId(),
        webhook_id: id,
        event,
        body,
        state: 'waiting' as const,
        attempts: 0,
        next_ms: now,
        status: null,
        problem: null,
        created_ms: now,
      })),
    )
    .execute();
}
