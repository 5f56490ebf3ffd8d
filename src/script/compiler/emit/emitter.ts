import { childrenOf } from '../keys.ts';
import type { Marks } from '../marking.ts';
import type { Node } from '../parse.ts';
import type { Rope, Slice } from '../rope.ts';
import type { Scopes } from '../scope.ts';
import { Context } from './context.ts';

export type Handler = (e: Emitter, node: Node, name: string | null) => Rope;

/** The state of one compilation: dispatches nodes to their handlers, and copies what needs no change. */
export class Emitter {
  readonly source: string;
  readonly prefix: string;
  readonly scopes: Scopes;
  readonly marks: Marks;
  context: Context;
  /** Wrapper factories by their source text. */
  readonly factories = new Map<string, string>();
  /** The member of a class or object that a method's function is the value of: its text begins with the name. */
  readonly owners = new Map<Node, Node>();
  /** What the comments of `marker` call the program. */
  readonly program: string;
  /** The block that is the body of the plain function being copied. */
  functionBody: Node | null = null;
  readonly #handlers: Readonly<Record<string, Handler>>;
  #unique = 0;

  constructor(
    source: string,
    prefix: string,
    scopes: Scopes,
    marks: Marks,
    handlers: Readonly<Record<string, Handler>>,
  ) {
    this.source = source;
    this.prefix = prefix;
    this.program = prefix + hash(source);
    this.scopes = scopes;
    this.marks = marks;
    this.#handlers = handlers;
    this.context = new Context('async', prefix);
  }

  /** Emits a node; `name` is the name that an anonymous function here would get. */
  emit(node: Node, name: string | null = null): Rope {
    const handler = this.#handlers[node.type];
    return handler === undefined ? this.copy(node) : handler(this, node, name);
  }

  /** An expression that is put between text of ours: a sequence keeps its parentheses. */
  operand(node: Node, name: string | null = null): Rope {
    const rope = this.emit(node, name);
    return node.type === 'SequenceExpression' ? ['(', rope, ')'] : rope;
  }

  /** The node's own text, with its children emitted in place; the insertion is left out of text that needs no change. */
  copy(node: Node, insertion?: { readonly before: Node; readonly text: string }): Rope {
    const parts: Rope[] = [];
    let at = node.start;
    let changed = false;
    for (const child of childrenOf(node)) {
      const rope = this.emit(child);
      const isUnchanged = isSliceOf(rope, child);
      if (isUnchanged && insertion?.before !== child) continue;
      changed ||= !isUnchanged;
      if (child.start > at) parts.push({ start: at, end: child.start });
      if (insertion?.before === child) parts.push(insertion.text);
      parts.push(rope);
      at = child.end;
    }
    if (!changed) return { start: node.start, end: node.end };
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
    const member = this.owners.get(node) ?? node;
    const modifier = member['static'] === true ? (/^static\s+/.exec(this.text(member))?.[0].length ?? 0) : 0;
    return `/*${this.program}:${member.start + modifier}:${member.end}*/`;
  }

  text(node: Node): string {
    return this.source.slice(node.start, node.end);
  }

  /** What a message calls an expression: its text, shortened. */
  label(node: Node): string {
    const text = this.text(node).replace(/\s+/g, ' ');
    return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
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
    const { prefix: $ } = this;
    switch (this.context.kind) {
      case 'twin':
        return [`(${this.context.shared('w')}=1,${$}u.un(`, { text: 'await', at }, ' ', promise, '))'];
      case 'generator':
        return [`${$}u.un(`, { text: 'yield', at }, ` ${$}.blk(`, promise, '))'];
      case 'async-generator':
      case 'async':
        return [`${$}u.un(`, { text: 'await', at }, ' ', promise, ')'];
      case 'plain':
        throw new Error(
          `a function was taken for one that cannot block, but it can: ${this.source.slice(at, at + 60)}`,
        );
    }
  }

  /** Fetches what a twin-protocol expression brings: `(p = expression, d ? take() : suspend)`. */
  settle(expression: Rope, at: number): Rope {
    const { prefix: $ } = this;
    const p = this.context.shared('p');
    return [`(${p}=`, expression, `,${$}.d?${$}.take():`, this.suspend(p, at), ')'];
  }

  /**
   * Performs a native operation that may call a wrapper implicitly; `result` makes what the operation is to bring of what
   * the wrapper brought, where that is not the same.
   */
  armed(operation: Rope, at: number, result?: (value: Rope) => Rope): Rope {
    const { prefix: $ } = this;
    const p = this.context.shared('p');
    return [
      `(${$}.a=1,${p}=`,
      operation,
      `,${$}.a=0,${$}.pend===undefined?${p}:`,
      result === undefined ? this.suspend(`${$}.takeRead(${p})`, at) : result(this.suspend(`${$}.takePend()`, at)),
      ')',
    ];
  }
}

/** Tells programs of one realm apart (FNV-1a). */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36);
}

function isSliceOf(rope: Rope, node: Node): rope is Slice {
  return typeof rope === 'object' && 'start' in rope && rope.start === node.start && rope.end === node.end;
}
