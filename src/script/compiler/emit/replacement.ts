import { staticKey } from '../static-key.ts';
import type { MethodDefinition, ObjectMember, PropertyDefinition, StaticBlock } from '../syntax.ts';

/** A method whose wrapper is put in its place once the object or class is made. */
type Member = ObjectMember | MethodDefinition | PropertyDefinition | StaticBlock;

/**
 * Whether something else stands at a method's key when its object or class has been made: only running the program tells where a key
 * is computed, or an object is spread.
 * @param method a member of an object literal, or a method of a class
 * @param members all members of that literal or class
 */
export function replacementOf(method: Member, members: readonly Member[]): 'never' | 'perhaps' | 'always' {
  const key = keyOf(method);
  const others = members.slice(members.indexOf(method) + 1).filter((member) => mayTakePlace(member, method));
  if (key !== null && others.some((member) => keyOf(member) === key)) return 'always';
  return others.some((member) => key === null || keyOf(member) === null) ? 'perhaps' : 'never';
}

function keyOf(member: Member): string | null {
  return member.type === 'SpreadElement' || member.type === 'StaticBlock' ? null : staticKey(member);
}

function mayTakePlace(member: Member, method: Member): boolean {
  switch (member.type) {
    case 'SpreadElement':
      return true;
    case 'Property': {
      const setsPrototype = !member.computed && !member.method && !member.shorthand && keyOf(member) === '__proto__';
      return !(setsPrototype && member.kind === 'init');
    }
    case 'MethodDefinition':
      return method.type === 'MethodDefinition' && member.static === method.static && member.kind !== 'constructor';
    default:
      // Fields are defined later.
      return false;
  }
}
