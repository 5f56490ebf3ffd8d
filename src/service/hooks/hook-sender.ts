// Sends what is queued for webhooks: signed, so that who gets it knows whose it is, and again for about an hour where it is not taken.
import { createHmac } from 'node:crypto';
import { VERSION } from '../../options/package-version.ts';
import type { ServiceContext } from '../context.ts';
import { postHook } from './post-hook.ts';

const LOOK_MS = 2000;
const ANSWER_MS = 10_000;
/** Who sends one keeps others off it for so long, in ms. */
const CLAIM_MS = 60_000;
const MOST_AT_ONCE = 20;
/** Between the attempts, in ms: an hour and a quarter in all. */
const PAUSES_MS = [5000, 30_000, 120_000, 600_000, 1_200_000, 2_400_000];

export interface HookSenderOptions {
  /** In ms; tests do not wait for an hour. */
  readonly pausesMs?: readonly number[];
  readonly lookMs?: number;
}

/**
 * @param secret of the webhook
 * @param time in seconds since the epoch: old messages are not to be taken again
 * @returns what the header x-sixfold-signature has to say
 */
function signHook(secret: string, time: number, body: string): string {
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
}

export class HookSender {
  readonly #context: ServiceContext;
  readonly #pauses: readonly number[];
  readonly #lookMs: number;
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> | null = null;

  constructor(context: ServiceContext, { pausesMs = PAUSES_MS, lookMs = LOOK_MS }: HookSenderOptions = {}) {
    this.#context = context;
    this.#pauses = pausesMs;
    this.#lookMs = lookMs;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), this.#lookMs);
  }

  wake(): void {
    this.#working ??= this.#send()
      .catch((error: unknown) => this.#context.log('error', `webhooks: ${(error as Error).message}`))
      .finally(() => {
        this.#working = null;
      });
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#working;
  }

  async #send(): Promise<void> {
    const { query } = this.#context.database;
    const now = Date.now();
    const due = await query
      .selectFrom('webhook_delivery')
      .innerJoin('webhook', 'webhook.id', 'webhook_delivery.webhook_id')
      .select([
        'webhook_delivery.id',
        'webhook_delivery.attempts',
        'webhook_delivery.body',
        'webhook_delivery.event',
        'webhook_delivery.next_ms',
        'webhook.id as webhook_id',
        'webhook.url',
        'webhook.sealed',
      ])
      .where('webhook_delivery.state', '=', 'waiting')
      .where('webhook_delivery.next_ms', '<=', now)
      // Of one that was switched off they wait until it is on again.
      .where('webhook.is_enabled', '=', 1)
      .orderBy('webhook_delivery.next_ms')
      .limit(MOST_AT_ONCE)
      .execute();
    await Promise.all(
      due.map(async (delivery) => {
        // Another server may be at it: whoever moves the time forward sends.
        const { numUpdatedRows } = await query
          .updateTable('webhook_delivery')
          .set({ next_ms: now + CLAIM_MS, attempts: delivery.attempts + 1 })
          .where('id', '=', delivery.id)
          .where('next_ms', '=', delivery.next_ms)
          .where('state', '=', 'waiting')
          .executeTakeFirst();
        if (Number(numUpdatedRows) === 0) return;
        const outcome = await this.#post(delivery);
        const pause = this.#pauses[delivery.attempts];
        await query
          .updateTable('webhook_delivery')
          .set({
            ...outcome,
            state: outcome.problem === null ? 'delivered' : pause === undefined ? 'given-up' : 'waiting',
            next_ms: Date.now() + (pause ?? 0),
          })
          .where('id', '=', delivery.id)
          .execute();
      }),
    );
  }

  async #post(delivery: {
    readonly id: string;
    readonly webhook_id: string;
    readonly url: string;
    readonly sealed: Uint8Array;
    readonly body: string;
    readonly event: string;
  }): Promise<{ status: number | null; problem: string | null }> {
    try {
      const secret = this.#context.sealer.open(delivery.sealed, `webhook ${delivery.webhook_id}`);
      const time = Math.floor(Date.now() / 1000);
      const headers = {
        'content-type': 'application/json',
        'user-agent': `sixfold/${VERSION}`,
        'x-sixfold-event': delivery.event,
        'x-sixfold-delivery': delivery.id,
        'x-sixfold-signature': signHook(secret, time, delivery.body),
      };
      const status = await postHook(delivery.url, headers, delivery.body, ANSWER_MS);
      return { status, problem: status >= 200 && status < 300 ? null : `it answered with ${status}` };
    } catch (error) {
      return { status: null, problem: (error as Error).message.slice(0, 500) };
    }
  }
}
