import { type DeadZones, NO_DEAD_ZONES } from '../dead-zones.ts';
import { childrenOf } from '../keys.ts';
import type { Marks } from '../marking.ts';
import type { Rope, Slice } from '../rope.ts';
import type { Binding, Scopes } from '../scope.ts';
import type { BlockStatement, Expression, Node, Super } from '../syntax.ts';
import { Context } from './context.ts';
import { fits, Level, levelOf } from './precedence.ts';
import type { Printed } from './printed.ts';
import { type ActivationNames, nameActivation, nameOperations, type RuntimeNames } from './runtime-names.ts';

/**
 * How to write a handler.
 *
 * An expression's handler returns `Printed`: the text and the level of its outermost operator. Whoever places an
 * expression among text of its own states the least level that the place accepts, and parentheses come of that:
 *
 *     e.expression(node, Level.Member)   `….x`, `…[k]`     e.expression(node, Level.Assignment)  an argument, an element
 *     e.expression(node, Level.Sequence) between brackets  e.expression(node, Level.BitOr)       beside `??`, `||`, `&&`
 *     e.value(node)                      stored in a temporary of ours, which must not name an anonymous function
 *     e.named(node, name)                the same, where the language would name it `name`
 *
 * `e.copy(node)` keeps the author's text with the children emitted in place; parentheses round a child are part of it.
 * Ropes are never glued to words by hand: `flatten` keeps tokens apart where two pieces of text meet.
 */
export type ExpressionHandler<T extends Expression> = (e: Emitter, node: T, name: string | null) => Printed;

/** Handlers of expressions by type; what has none is copied. */
export type ExpressionHandlers = {
  readonly [T in Expression['type']]?: ExpressionHandler<Extract<Expression, { type: T }>>;
};

/** Handlers of what is no expression: statements, declarators, patterns. */
export type PartHandlers = {
  readonly [T in Exclude<Node['type'], Expression['type']>]?: (e: Emitter, node: Extract<Node, { type: T }>) => Rope;
} & {
  /** What stands between the braces of a compiled function. */
  readonly FunctionBody: (e: Emitter, block: BlockStatement) => Rope;
};

/** What is peculiar to code made from a string. */
export interface ScriptText {
  /** Names of the function around it, which it reaches through an object. */
  readonly names: ReadonlySet<string>;
  /** Assigning to a name that nobody knows makes a property of the global object. */
  readonly isSloppy: boolean;
  /** Where `this` may stand for the global object. */
  readonly sloppyThis: ReadonlySet<Node>;
}

interface Fragments {
  readonly take: string;
  readonly takeOtherwise: string;
  readonly twin: string;
  readonly method: string;
  readonly function: string;
  readonly unboxOnce: string;
  readonly unbox: string;
}

/** The state of one compilation: dispatches nodes to their handlers, and copies what needs no change. */
export class Emitter {
  readonly source: string;
  readonly prefix: string;
  /** The only names by which emitted code reaches the runtime. */
  readonly runtime: RuntimeNames;
  readonly activation: ActivationNames;
  readonly scopes: Scopes;
  readonly marks: Marks;
  context: Context;
  /** Null for a module. */
  readonly script: ScriptText | null;
  readonly deadZones: DeadZones;
  /** Brings the global object: of the virtual user whose module it is, or – for code made from strings – whose code runs. */
  readonly global: string;
  /** Wrapper factories by their source text. */
  readonly factories = new Map<string, string>();
  /** The member of a class or object that a method's function is the value of: its text begins with the name. */
  readonly owners = new Map<Node, Node>();
  /** What the comments of `marker` call the program. */
  readonly program: string;
  readonly #renamed = new Map<Binding, string>();
  /** In the first part of a `for (…;…;…)`, where `in` needs parentheses. */
  isInForInit = false;
  /** Fragments of the twin protocol, made once: they are what most of the output consists of. */
  readonly fragments: Fragments;
  readonly #expressions: Readonly<Record<string, ExpressionHandler<Expression> | undefined>>;
  readonly #parts: Readonly<Record<string, ((e: Emitter, node: Node) => Rope) | undefined>>;
  readonly #functionBody: PartHandlers['FunctionBody'];
  #unique = 0;

  constructor(
    source: string,
    prefix: string,
    scopes: Scopes,
    marks: Marks,
    expressions: ExpressionHandlers,
    parts: PartHandlers,
    script: ScriptText | null = null,
    deadZones: DeadZones = NO_DEAD_ZONES,
  ) {
    this.script = script;
    this.deadZones = deadZones;
    this.runtime = nameOperations(prefix);
    this.activation = nameActivation(prefix);
    const { runtime } = this;
    this.global = script === null ? `${prefix}g` : `${runtime.global}()`;
    this.source = source;
    this.prefix = prefix;
    this.program = prefix + hash(source);
    // Code made from strings belongs to no virtual user: it goes on as the one whose code ran before it waited.
    const vu = script === null ? `${prefix}u` : runtime.vu;
    this.fragments = {
      take: `,${runtime.d}?${runtime.take}():`,
      takeOtherwise: `:${runtime.d}?${runtime.take}():`,
      twin: `=${runtime.tw}(`,
      method: `??${runtime.fn}(`,
      function: `??${runtime.f0}(`,
      unboxOnce: `=1,${vu}.un(`,
      unbox: `${vu}.un(`,
    };
    this.scopes = scopes;
    this.marks = marks;
    // A handler is found by the type that it is written for.
    this.#expressions = expressions as Readonly<Record<string, ExpressionHandler<Expression>>>;
    this.#functionBody = parts.FunctionBody;
    this.#parts = parts as Readonly<Record<string, (e: Emitter, node: Node) => Rope>>;
    this.context = new Context('async', prefix);
  }

  /** Calls a binding of a function's body, which its parameters must not see (see Scopes.apart), something else. */
  rename(binding: Binding): string {
    const name = this.unique(binding.name);
    this.#renamed.set(binding, name);
    return name;
  }

  /** What a binding is called instead of its name, if it is. */
  newNameOf(binding: Binding): string | undefined {
    // `catch (x) { var x }`: both have to keep one name.
    const { hidden } = binding;
    return this.#renamed.get(binding) ?? (hidden === null ? undefined : this.#renamed.get(hidden));
  }

  /** Emits what stands between the braces of a compiled function. */
  functionBody(block: BlockStatement): Rope {
    return this.#functionBody(this, block);
  }

  /** Emits an expression; `name` is the name that an anonymous function here would get. */
  print(node: Expression | Super, name: string | null = null): Printed {
    const handler = this.#expressions[node.type];
    if (handler !== undefined && node.type !== 'Super') return handler(this, node, name);
    return { rope: this.copy(node), level: levelOf(node) };
  }

  /** Emits an expression for a place that accepts what binds at least as tightly as `least`. */
  expression(node: Expression | Super, least: Level, name: string | null = null): Rope {
    const { rope, level } = this.print(node, name);
    return fits(level, least) && !isPatternAssignment(node) ? rope : ['(', rope, ')'];
  }

  /** An expression that is assigned to a temporary, which must not become its name. */
  value(node: Expression): Rope {
    const { rope, level, isAnonymous } = this.print(node);
    if (isAnonymous) return ['(0,', rope, ')'];
    return fits(level, Level.Assignment) && !isPatternAssignment(node) ? rope : ['(', rope, ')'];
  }

  /** An expression in a place that names nothing, where the author's text would have given it `name`. */
  named(node: Expression, name: string | null): Rope {
    if (name === null) return this.value(node);
    const { rope, level, isAnonymous } = this.print(node, name);
    if (isAnonymous) return nameFunction(rope, name);
    return fits(level, Level.Assignment) ? rope : ['(', rope, ')'];
  }

  /** The author's text with the children emitted in place, as an expression. */
  copied(node: Expression): Printed {
    return { rope: this.copy(node), level: levelOf(node) };
  }

  /** Emits what is no expression. */
  part(node: Node): Rope {
    const handler = this.#parts[node.type];
    return handler === undefined ? this.copy(node) : handler(this, node);
  }

  /** Emits a child within its parent's own text. */
  inPlace(node: Node, name: string | null = null): Rope {
    const handler = this.#parts[node.type];
    if (handler !== undefined) return handler(this, node);
    const expression = this.#expressions[node.type];
    if (expression === undefined) return node.type === 'Literal' ? sliceOf(node) : this.copy(node);
    const { rope, level } = expression(this, node as Expression, name);
    // What the author's own expression needs in the way of parentheses is there already.
    return level === Level.Primary || fits(level, levelOf(node as Expression)) ? rope : ['(', rope, ')'];
  }

  /**
   * The node's own text, with its children emitted in place; the insertion is left out of text that needs no change.
   * @param replace emits a child in another way, or brings null
   */
  copy(
    node: Node | Super,
    insertion?: { readonly before: Node; readonly text: string },
    replace?: (child: Node) => Rope | null,
  ): Rope {
    const parts: Rope[] = [];
    let at = node.start;
    let changed = false;
    for (const child of childrenOf(node)) {
      const rope = replace?.(child) ?? this.inPlace(child);
      const isUnchanged = isSliceOf(rope, child);
      if (isUnchanged && insertion?.before !== child) continue;
      changed ||= !isUnchanged;
      if (child.start > at) parts.push({ start: at, end: child.start });
      if (insertion?.before === child) parts.push(insertion.text);
      parts.push(rope);
      at = child.end;
    }
    if (!changed) return sliceOf(node);
    if (node.end > at) parts.push({ start: at, end: node.end });
    return parts;
  }

  /** Emits with another context, restoring the present one. */
  within<T>(context: Context, fn: () => T): T {
    const outer = this.context;
    this.context = context;
    try {
      return fn();
    } finally {
      this.context = outer;
    }
  }

  unique(letter: string): string {
    return `${this.prefix}${letter}_${this.#unique++}`;
  }

  /** A comment that tells `toString()` where the text of a function or class is. */
  marker(node: Node): string {
    return `/*${this.mark(node)}*/`;
  }

  /** What that comment says, by which a function is known. */
  mark(node: Node): string {
    const member = this.owners.get(node) ?? node;
    const isStatic = 'static' in member && member.static;
    const modifier = isStatic ? (/^static\s+/.exec(this.text(member))?.[0].length ?? 0) : 0;
    return `${this.program}:${member.start + modifier}:${member.end}`;
  }

  text(node: Slice): string {
    return this.source.slice(node.start, node.end);
  }

  /** What a message calls an expression: its text, shortened. */
  label(node: Slice): string {
    const text = this.text(node).replace(/\s+/g, ' ');
    return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
  }

  /** The name of an operation, where stack traces are to show a position in the source. */
  operationAt(name: keyof RuntimeNames, at: number): Rope {
    return [`${this.prefix}.`, { text: name, at }];
  }

  /** The name of a factory that makes the wrapper of a twin; one per distinct text. */
  factory(text: string): string {
    let name = this.factories.get(text);
    if (name === undefined) {
      name = `${this.prefix}k${this.factories.size}`;
      this.factories.set(text, name);
    }
    return name;
  }

  /** Waits for a promise of the twin protocol, in the way of the present function. `at`: position for stack traces. */
  suspend(promise: Rope, at: number): Rope {
    const { fragments } = this;
    switch (this.context.kind) {
      case 'twin':
        return ['(', this.context.shared('w'), fragments.unboxOnce, { text: 'await', at }, ' ', promise, '))'];
      case 'generator':
        return [fragments.unbox, { text: 'yield', at }, ` ${this.runtime.blk}(`, promise, '))'];
      case 'async-generator':
      case 'async':
        return [fragments.unbox, { text: 'await', at }, ' ', promise, ')'];
      case 'plain':
        throw new Error(
          `a function was taken for one that cannot block, but it can: ${this.source.slice(at, at + 60)}`,
        );
    }
  }

  /** Fetches what a twin-protocol expression (of level Assignment) brings: `(p = expression, d ? take() : suspend)`. */
  settle(expression: Rope, at: number): Rope {
    const p = this.context.shared('p');
    return ['(', p, '=', expression, this.fragments.take, this.suspend(p, at), ')'];
  }

  /**
   * Performs a native operation (of level Assignment) that may call a wrapper implicitly; `result` makes what the operation
   * is to bring of what the wrapper brought, where that is not the same.
   */
  armed(operation: Rope, at: number, result?: (value: Rope) => Rope): Rope {
    const { runtime } = this;
    const p = this.context.shared('p');
    // What is done to a proxy may call several traps, and the engine looks at what they bring.
    if (this.marks.features.traps) return this.settle([`${runtime.replay}(()=>`, operation, ')'], at);
    return [
      `(${runtime.a}=1,${p}=`,
      operation,
      `,${runtime.a}=0,${runtime.pend}===undefined?${p}:`,
      result === undefined
        ? this.suspend(`${runtime.takeRead}(${p})`, at)
        : result(this.suspend(`${runtime.takePend}()`, at)),
      ')',
    ];
  }
}

/** Gives an anonymous function or class a name that its place does not give; of level Member. */
export function nameFunction(rope: Rope, name: string): Rope {
  const key = JSON.stringify(name);
  return [`({${name === '__proto__' ? `[${key}]` : key}:`, rope, `})[${key}]`];
}

/** Tells programs of one realm apart (FNV-1a). */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36);
}

export function sliceOf({ start, end }: Slice): Slice {
  return { start, end };
}

/** Whether a node's rope is its own text. */
export function isSliceOf(rope: Rope, node: Slice): rope is Slice {
  return typeof rope === 'object' && 'start' in rope && rope.start === node.start && rope.end === node.end;
}

/** V8 takes `f({ k: 0 }, {} = x)` for a syntax error: it blames an argument that could be no pattern on a later one that is one. */
function isPatternAssignment(node: Expression | Super): boolean {
  return node.type === 'AssignmentExpression' && /^(?:Object|Array)Pattern$/.test(node.left.type);
}
