import type { Selectable } from 'kysely';
import type { AUDIT_ENTRY } from '../api/documents.ts';
import type { Data } from '../api/schema.ts';
import type { AuditTable } from '../storage/tables.ts';

/** @returns a change as the API shows it */
export function auditDocument(row: Selectable<AuditTable>): Data<typeof AUDIT_ENTRY> {
  return {
    id: row.id,
    atMs: row.at_ms,
    actor: row.actor,
    action: row.action,
    object: row.object,
    projectId: row.project_id,
    detail: row.detail,
    address: row.address,
  };
}
