import type { Rope } from '../rope.ts';
import type { ClassDeclaration } from '../syntax.ts';
import type { Emitter } from './emitter.ts';

/** What follows a class declaration whose static part may block. */
export function emitStaticRun(e: Emitter, node: ClassDeclaration): Rope {
  if (!e.marks.statics.has(node)) return '';
  return [';', e.settle(`${e.runtime.statics}(${node.id.name})`, node.start), ';'];
}
