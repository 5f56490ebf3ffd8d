import { iteratesImplicitly } from '../marking.ts';
import type { Rope } from '../rope.ts';
import type { ListItem } from '../syntax.ts';
import type { Emitter } from './emitter.ts';
import { Level } from './precedence.ts';

/** `a, ...b`: what stands between the parentheses of a call or the brackets of a list, after `first`. */
export function emitArguments(e: Emitter, items: readonly ListItem[], first: Rope | null = null): Rope {
  const parts: Rope[] = [];
  if (first !== null) parts.push(first);
  for (const item of items) {
    if (parts.length > 0) parts.push(',');
    parts.push(emitListItem(e, item));
  }
  return parts;
}

/** An element of an argument list or array literal. */
export function emitListItem(e: Emitter, item: ListItem): Rope {
  if (item.type !== 'SpreadElement') return e.expression(item, Level.Assignment);
  if (!iteratesImplicitly(e.marks.features) || e.context.kind === 'plain') return e.copy(item);
  const { argument } = item;
  const value = e.expression(argument, Level.Assignment);
  return ['...', e.settle([`${e.runtime.drain}(`, value, ')'], argument.start)];
}
