import { staticKey } from '../marking.ts';
import type { Node } from '../parse.ts';
import type { Rope } from '../rope.ts';
import { emitListItem } from './calls.ts';
import { emitAccessorBody } from './classes.ts';
import type { Emitter } from './emitter.ts';
import {
  emitAsyncGenerator,
  emitCallable,
  emitPlain,
  emitTwin,
  isCompiled,
  kindOf,
  occurs,
  wrapperFactory,
} from './functions.ts';
import { emitComputedKey } from './members.ts';

export function emitArray(e: Emitter, node: Node): Rope {
  if (e.context.kind === 'plain' || !e.marks.features.iterators) return e.copy(node);
  const elements = node['elements'] as (Node | null)[];
  const parts: Rope[] = elements.map((element) => [element === null ? '' : emitListItem(e, element), ',']);
  const last = elements.at(-1);
  if (last) return ['[', parts, ']'];
  return ['[', parts, ']'];
}

export function emitObject(e: Emitter, node: Node): Rope {
  const { prefix: $ } = e;
  const fixes: string[] = [];
  const parts: Rope[] = [];
  for (const property of node['properties'] as Node[]) {
    if (parts.length > 0) parts.push(',');
    parts.push(emitProperty(e, property, fixes));
  }
  const literal: Rope = ['{', parts, '}'];
  return fixes.length === 0 ? literal : [`${$}.ob(`, literal, `,${$}o=>{${fixes.join('')}})`];
}

function emitKey(e: Emitter, property: Node): Rope {
  const key = property['key'] as Node;
  return property['computed'] === true ? ['[', emitComputedKey(e, key), ']'] : { start: key.start, end: key.end };
}

function emitProperty(e: Emitter, property: Node, fixes: string[]): Rope {
  const { prefix: $ } = e;
  if (property.type === 'SpreadElement') {
    const argument = property['argument'] as Node;
    if (e.context.kind === 'plain' || e.marks.features.getters.size === 0) return ['...', e.operand(argument)];
    return ['...', e.settle([`${$}.copy(`, e.operand(argument), ')'], argument.start)];
  }
  const value = property['value'] as Node;
  const key = property['key'] as Node;
  const name = staticKey(property);
  if (property['method'] === true || property['kind'] !== 'init') e.owners.set(value, property);
  if (property['kind'] === 'get' || property['kind'] === 'set') {
    if (!e.marks.functions.has(value))
      return [`${property['kind'] as string} `, emitKey(e, property), emitMethodTail(e, value)];
    return [
      `${property['kind'] as string} `,
      emitKey(e, property),
      emitAccessorBody(e, value, property['kind'] as 'get' | 'set'),
    ];
  }
  if (property['method'] === true) {
    const kind = kindOf(e, value);
    if (!isCompiled(e, value)) {
      return [
        kind === 'async-generator' ? 'async *' : value['generator'] === true ? '*' : '',
        emitKey(e, property),
        kind === 'async-generator' ? emitAsyncGenerator(e, value, true) : emitMethodTail(e, value),
      ];
    }
    const methodName = name === null ? '' : name.startsWith('@@') ? `[Symbol.${name.slice(2)}]` : name;
    const factory = wrapperFactory(e, value, methodName, false);
    if (name === null || !occurs(value, (inner) => inner.type === 'Super')) {
      return [emitKey(e, property), ':', factory, '(', emitTwin(e, value, methodName), ')'];
    }
    fixes.push(`${$}.m(${$}o,${property['computed'] === true ? e.text(key) : JSON.stringify(name)},${factory},true);`);
    const prefix = kind === 'twin' ? 'async ' : kind === 'generator' ? '*' : '';
    return [prefix, emitKey(e, property), emitCallable(e, value, kind, false)];
  }
  if (property['shorthand'] === true) {
    const rope = e.emit(value);
    return typeof rope === 'object' && 'start' in rope ? rope : [{ start: key.start, end: key.end }, ':', rope];
  }
  return [emitKey(e, property), ':', e.operand(value, name !== null && !name.startsWith('@@') ? name : null)];
}

/** Parameters and body of a method that is not compiled. */
function emitMethodTail(e: Emitter, value: Node): Rope {
  return emitPlain(e, value);
}
