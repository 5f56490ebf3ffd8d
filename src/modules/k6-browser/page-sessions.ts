// Whose the sessions of a connection are: a browser that others use, too, tells every connection of every page.
import type { CdpMessage } from './cdp-transport.ts';

interface Target {
  readonly targetId: string;
  readonly type: string;
  readonly browserContextId?: string;
}

/** A page of a context; frames and workers in processes of their own have sessions of their own and are the page's. */
export interface PageOfSession {
  readonly targetId: string;
  readonly contextId: string | undefined;
}

export class PageSessions {
  readonly #pages = new Map<string, PageOfSession>();

  /** Takes an event of the browser. */
  hear({ method, params, sessionId }: CdpMessage): void {
    if (params === undefined) return;
    if (method === 'Target.attachedToTarget') {
      const { targetId, type, browserContextId } = params['targetInfo'] as Target;
      const parent = this.of(sessionId);
      const page = type === 'page' ? { targetId, contextId: browserContextId } : parent;
      // What belongs to no page, such as a service worker, measures nothing: the page's own request has all that its user waits for.
      if (page !== null) this.#pages.set(params['sessionId'] as string, page);
    } else if (method === 'Target.detachedFromTarget') this.#pages.delete(params['sessionId'] as string);
  }

  /** @returns null for what is no page's */
  of(sessionId: string | undefined): PageOfSession | null {
    return (sessionId !== undefined && this.#pages.get(sessionId)) || null;
  }
}
