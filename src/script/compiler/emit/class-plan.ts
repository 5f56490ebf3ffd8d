import type { ClassNode, PropertyDefinition } from '../syntax.ts';
import type { Construction } from './context.ts';

/** What is decided of a class before its members are emitted, and what they ask for. */
export interface ClassPlan extends Construction {
  readonly node: ClassNode;
  readonly id: string | null;
  /** What `name` must show if the class had to be given an identifier. */
  readonly shownName: string | null;
  /** Its construction may block. */
  readonly constructs: boolean;
  /** Private method that runs the static part, if that may block. */
  readonly statics: string | null;
  /** What the first static block does. */
  readonly fixes: string[];
  /** Where a field that a method initialises finds its computed key, which is evaluated with the class. */
  readonly keys: Map<PropertyDefinition, string>;
}
