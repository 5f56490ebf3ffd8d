import { iteratesImplicitly } from '../marking.ts';
import type { Rope } from '../rope.ts';
import { staticKey } from '../static-key.ts';
import type { AssignmentPattern, AssignmentProperty, MemberExpression, Pattern } from '../syntax.ts';
import type { Emitter } from './emitter.ts';
import { emitWrittenName } from './identifiers.ts';
import { emitComputedKey, isBlockingWrite, isConvertedKey, openPlace, writeTo } from './members.ts';
import { Level } from './precedence.ts';

/**
 * Destructuring spelled out step by step, where an iterator, a getter, a setter or the conversion of a key may block: the
 * references of targets, reads, defaults and writes come in the order of the language. Ropes of values are of level Assignment.
 */

/** Whether the engine cannot be left to take the value apart. */
export function isSpelledOut(e: Emitter, pattern: Pattern): boolean {
  if (e.context.kind === 'plain') return false;
  const { features } = e.marks;
  switch (pattern.type) {
    case 'Identifier':
      return false;
    case 'MemberExpression':
      return isBlockingWrite(e, pattern);
    case 'AssignmentPattern':
      return isSpelledOut(e, pattern.left);
    case 'RestElement':
      return isSpelledOut(e, pattern.argument);
    case 'ArrayPattern':
      return (
        iteratesImplicitly(features) || pattern.elements.some((element) => element !== null && isSpelledOut(e, element))
      );
    case 'ObjectPattern':
      return pattern.properties.some((property) =>
        property.type === 'RestElement'
          ? features.getters.size > 0 || isSpelledOut(e, property.argument)
          : readsBlocking(e, property) || isSpelledOut(e, property.value),
      );
  }
}

function readsBlocking(e: Emitter, property: AssignmentProperty): boolean {
  const { getters } = e.marks.features;
  if (property.computed && isConvertedKey(e, property.key)) return true;
  if (getters.size === 0) return false;
  const key = staticKey(property);
  return key === null || getters.has('*') || getters.has(key);
}

interface Step {
  /** The name that the value is for; none if it only has to be evaluated. */
  readonly name: Rope | null;
  readonly value: Rope;
}

/** `pattern = value` as one expression that brings the value. */
export function emitPatternAssignment(e: Emitter, pattern: Pattern, value: Rope): Rope {
  const whole = e.context.take('v');
  const steps = takeApart(e, pattern, whole);
  e.context.release(whole);
  const parts = steps.map((step): Rope => [',', step.name === null ? '' : [step.name, '='], step.value]);
  return [`(${whole}=`, value, parts, `,${whole})`];
}

/** What follows `let`: the declarations of the pattern's names. */
export function emitPatternDeclarations(e: Emitter, pattern: Pattern, value: Rope): Rope {
  const list: Rope[] = [];
  let before: Rope[] = [];
  const add = (name: Rope, last: Rope): void => {
    list.push([list.length > 0 ? ',' : '', name, '=', before.length === 0 ? last : ['(', before, last, ')']]);
    before = [];
  };
  for (const { name, value: rope } of takeApart(e, pattern, value)) {
    if (name === null) before.push(rope, ',');
    else add(name, rope);
  }
  if (before.length > 0 || list.length === 0) add(e.unique('_'), 'void 0');
  return list;
}

function takeApart(e: Emitter, pattern: Pattern, value: Rope): Step[] {
  const steps: Step[] = [];
  const taken: string[] = [];
  new Destructuring(e, steps, taken).assign(pattern, value);
  for (const name of taken.reverse()) e.context.release(name);
  return steps;
}

class Destructuring {
  readonly #e: Emitter;
  readonly #steps: Step[];
  readonly #taken: string[];

  constructor(e: Emitter, steps: Step[], taken: string[]) {
    this.#e = e;
    this.#steps = steps;
    this.#taken = taken;
  }

  #run(value: Rope): void {
    this.#steps.push({ name: null, value });
  }

  #take(letter: string): string {
    const name = this.#e.context.take(letter);
    this.#taken.push(name);
    return name;
  }

  /** Assigns what `value` brings to a target, which may be a pattern; the target's own reference comes first. */
  assign(target: Pattern, value: Rope): void {
    const e = this.#e;
    switch (target.type) {
      case 'AssignmentPattern':
        if (target.left.type === 'MemberExpression') this.#write(target.left, () => this.#withDefault(target, value));
        else this.assign(target.left, this.#withDefault(target, value));
        return;
      case 'Identifier':
        this.#steps.push({ name: emitWrittenName(e, target), value });
        return;
      case 'MemberExpression':
        this.#write(target, () => value);
        return;
      case 'ObjectPattern':
        this.#object(target, value);
        return;
      case 'ArrayPattern':
        this.#array(target, value);
        return;
      case 'RestElement':
        this.assign(target.argument, value);
    }
  }

  /** The reference is kept while the default is evaluated: that must not use the same temporaries. */
  #write(target: MemberExpression, emitValue: () => Rope): void {
    const e = this.#e;
    const place = openPlace(e, target);
    this.#run(['(', place.before, '0)']);
    const value = emitValue();
    const writes = isBlockingWrite(e, target);
    this.#run(writes ? writeTo(e, place, value, target.end) : ['(', place.access, '=', value, ')']);
    place.close();
  }

  #withDefault({ left, right, start }: AssignmentPattern, value: Rope): Rope {
    const t = this.#take('t');
    const name = left.type === 'Identifier' && start === left.start ? left.name : null;
    return ['(', `(${t}=`, value, ')===void 0?', this.#e.named(right, name), `:${t})`];
  }

  #object({ properties, start }: Extract<Pattern, { type: 'ObjectPattern' }>, value: Rope): void {
    const e = this.#e;
    const { runtime } = e;
    const o = this.#take('o');
    this.#run([`${o}=${runtime.dst}(`, value, ')']);
    const seen: string[] = [];
    for (const property of properties) {
      if (property.type === 'RestElement') {
        this.assign(property.argument, e.settle(`${runtime.copy}(${o},[${seen.join()}])`, start));
        continue;
      }
      const { key } = property;
      let access: string;
      if (property.computed) {
        const q = this.#take('q');
        const computed = isConvertedKey(e, key) ? emitComputedKey(e, key) : e.expression(key, Level.Assignment);
        this.#run([`${q}=${runtime.name}(`, computed, ')']);
        access = `${o}[${q}]`;
        seen.push(q);
      } else {
        const name = JSON.stringify(staticKey(property));
        access = `${o}[${name}]`;
        seen.push(name);
      }
      const blocks = readsBlocking(e, property);
      this.assign(property.value, blocks ? e.armed(access, property.start) : access);
    }
  }

  /** While the pattern is worked on, its iteration stands in `k`: what throws closes it (see reentry.ts). */
  #array({ elements, start }: Extract<Pattern, { type: 'ArrayPattern' }>, value: Rope): void {
    const e = this.#e;
    const { runtime } = e;
    const i = this.#take('i');
    const k = e.context.shared('k');
    this.#run([`${i}=`, e.settle([`${runtime.iter}(`, value, ')'], start), `,${i}.up=${k},${k}=${i}`]);
    for (const element of elements) {
      const isRest = element?.type === 'RestElement';
      const next = e.settle(`${isRest ? runtime.rests : runtime.next}(${i})`, start);
      if (element === null) this.#run(next);
      else this.assign(element, next);
    }
    this.#run([`${k}=${i}.up,${i}.done||`, e.settle(`${runtime.close}(${i})`, start)]);
  }
}
