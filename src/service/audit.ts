// Who changed what, and when.
import type { Caller } from './people/caller.ts';
import type { Reader } from './storage/database.ts';
import { newId } from './storage/new-id.ts';

export interface Change {
  /** As in `run.create`. */
  readonly action: string;
  /** What was changed, as people know it. */
  readonly object: string;
  readonly projectId?: string | null;
  /** Never a secret. */
  readonly detail?: string;
}

/** @param address where the request came from; '' for the server itself */
export async function recordChange(
  reader: Reader,
  caller: Pick<Caller, 'userId' | 'name'>,
  address: string,
  { action, object, projectId = null, detail = '' }: Change,
): Promise<void> {
  await reader
    .insertInto('audit')
    .values({
      id: newId(),
      at_ms: Date.now(),
      user_id: caller.userId,
      actor: caller.name,
      action,
      object,
      project_id: projectId,
      detail: detail.slice(0, 2000),
      address,
    })
    .execute();
}
