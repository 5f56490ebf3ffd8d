// Orders that somebody gives to a run from its page or with "sixfold cloud".
import type { RunSession } from '../../run/run-session.ts';
import type { RunOrder } from '../api/documents.ts';

/**
 * @param most virtual users that the scenario which is controlled from outside may have
 * @returns whether it was done, and why not
 */
export function carryOut(session: RunSession, order: RunOrder, most: number): { ok: boolean; message: string } {
  try {
    switch (order.action) {
      case 'stop':
        session.stop();
        break;
      case 'pause':
        session.pause();
        break;
      case 'resume':
        session.resume();
        break;
      case 'scale':
        for (const wanted of [order.vus ?? 0, order.maxVus ?? 0])
          if (wanted > most)
            return {
              ok: false,
              message: `${wanted} virtual users are wanted, and the project allows ${most} here: ask its administrator`,
            };
        session.scale({
          ...(order.vus !== undefined && { vus: order.vus }),
          ...(order.maxVus !== undefined && { maxVus: order.maxVus }),
        });
    }
    return { ok: true, message: '' };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}
