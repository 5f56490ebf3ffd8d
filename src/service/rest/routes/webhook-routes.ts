// Webhooks of a project: who is told when a run begins and ends.
import { lookup } from 'node:dns/promises';
import type { Selectable } from 'kysely';
import { maskAddress } from '../../../addresses/credentials.ts';
import {
  CREATED_WEBHOOK,
  DELIVERY,
  type Delivery,
  NEW_WEBHOOK,
  pageOf,
  WEBHOOK,
  WEBHOOK_CHANGE,
  type Webhook,
} from '../../api/documents.ts';
import { list } from '../../api/schema.ts';
import { recordChange } from '../../audit.ts';
import type { ServiceContext } from '../../context.ts';
import { newCredential } from '../../people/credential-text.ts';
import { isBlockedAddress } from '../../runs/blocked-addresses.ts';
import { newId } from '../../storage/new-id.ts';
import type { DeliveryTable, WebhookTable } from '../../storage/tables.ts';
import { readPageWish, toPage } from '../page-of-rows.ts';
import { Problem } from '../problem.ts';
import { member, PAGE_QUERY, type Route, route } from '../route.ts';

const MOST_HOOKS = 20;

function webhookDocument(row: Selectable<WebhookTable>): Webhook {
  return {
    id: row.id,
    url: row.url,
    events: JSON.parse(row.events) as Webhook['events'],
    isEnabled: row.is_enabled === 1,
    createdAtMs: row.created_ms,
  };
}

function deliveryDocument(row: Selectable<DeliveryTable>): Delivery {
  return {
    id: row.id,
    event: row.event,
    state: row.state,
    attempts: row.attempts,
    nextAtMs: row.next_ms,
    status: row.status,
    problem: row.problem,
    createdAtMs: row.created_ms,
  };
}

export function webhookRoutes({ database, sealer }: ServiceContext): Route[] {
  const { query } = database;
  const find = (id: string) => query.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

  return [
    route('GET /projects/{project}/webhooks', {
      id: 'listWebhooks',
      summary: 'The webhooks of a project, without what signs their messages',
      access: member('admin', 'project'),
      answer: list(WEBHOOK),
      handle: async ({ projectId }) => {
        const rows = await query
          .selectFrom('webhook')
          .selectAll()
          .where('project_id', '=', projectId)
          .orderBy('id')
          .execute();
        return rows.map(webhookDocument);
      },
    }),
    route('POST /projects/{project}/webhooks', {
      id: 'createWebhook',
      summary: 'Adds a webhook; what signs its messages is in this answer and nowhere else',
      access: member('admin', 'project'),
      body: NEW_WEBHOOK,
      answer: CREATED_WEBHOOK,
      status: 201,
      handle: async ({ projectId, body: { url, events }, caller, request }) => {
        await checkTarget(url);
        const known = await query.selectFrom('webhook').select('id').where('project_id', '=', projectId).execute();
        if (known.length >= MOST_HOOKS) throw new Problem('conflict', `a project has at most ${MOST_HOOKS} webhooks`);
        const id = newId();
        const { text } = newCredential();
        const row = await query
          .insertInto('webhook')
          .values({
            id,
            project_id: projectId,
            url,
            events: JSON.stringify([...new Set(events)]),
            sealed: sealer.seal(text, `webhook ${id}`),
            is_enabled: 1,
            created_ms: Date.now(),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await recordChange(query, caller, request.ip, { action: 'webhook.create', object: url, projectId });
        return { webhook: webhookDocument(row), secret: text };
      },
    }),
    route('PATCH /webhooks/{webhook}', {
      id: 'changeWebhook',
      summary: 'Changes a webhook, switches it on and off',
      access: member('admin', 'webhook'),
      body: WEBHOOK_CHANGE,
      answer: WEBHOOK,
      handle: async ({ params, projectId, body: { url, events, isEnabled }, caller, request }) => {
        const row = await find(params['webhook']!);
        if (url !== undefined) await checkTarget(url);
        const changed = await query
          .updateTable('webhook')
          .set({
            url: url ?? row.url,
            events: events === undefined ? row.events : JSON.stringify([...new Set(events)]),
            is_enabled: isEnabled === undefined ? row.is_enabled : Number(isEnabled),
          })
          .where('id', '=', row.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await recordChange(query, caller, request.ip, { action: 'webhook.change', object: changed.url, projectId });
        return webhookDocument(changed);
      },
    }),
    route('DELETE /webhooks/{webhook}', {
      id: 'removeWebhook',
      summary: 'Removes a webhook',
      access: member('admin', 'webhook'),
      handle: async ({ params, projectId, caller, request }) => {
        const { url } = await find(params['webhook']!);
        await query.deleteFrom('webhook').where('id', '=', params['webhook']!).execute();
        await recordChange(query, caller, request.ip, { action: 'webhook.remove', object: url, projectId });
      },
    }),
    route('GET /webhooks/{webhook}/deliveries', {
      id: 'listDeliveries',
      summary: 'What was sent to it, what waits, and what was not taken, the latest first',
      access: member('admin', 'webhook'),
      query: PAGE_QUERY,
      answer: pageOf(DELIVERY),
      handle: async ({ params, query: asked }) => {
        const wish = readPageWish(asked);
        const rows = await query
          .selectFrom('webhook_delivery')
          .selectAll()
          .where('webhook_id', '=', params['webhook']!)
          .$if(wish.after !== null, (rest) => rest.where('id', '<', wish.after!))
          .orderBy('id', 'desc')
          .limit(wish.limit + 1)
          .execute();
        return toPage(rows, wish, deliveryDocument);
      },
    }),
  ];
}

/** @throws Problem for an address that is none, or where a cloud tells its machines about themselves */
async function checkTarget(text: string): Promise<void> {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Problem('unusable', `"${maskAddress(text)}" is no address of a webhook`);
  if (url.username !== '' || url.password !== '')
    throw new Problem('unusable', 'a webhook has no user and password in its address: its messages are signed');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(host, { all: true }).catch(() => []);
  if (found.some(({ address }) => isBlockedAddress(address)))
    throw new Problem('unusable', `${host} is an address of the machine's cloud: a webhook may not lead there`);
}
