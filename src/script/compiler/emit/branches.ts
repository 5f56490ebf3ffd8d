import type { Rope } from '../rope.ts';
import type { BlockStatement, FunctionDeclaration, SwitchStatement, TryStatement } from '../syntax.ts';
import { emitPatternDeclarations, isSpelledOut } from './destructuring.ts';
import type { Emitter } from './emitter.ts';
import { emitWrittenName } from './identifiers.ts';
import { emitTarget } from './patterns.ts';
import { Level } from './precedence.ts';
import { reentry } from './reentry.ts';
import { emitStatements } from './statements.ts';
import { emitWrapped, isCompiled } from './twins.ts';

export function emitTry(e: Emitter, node: TryStatement): Rope {
  if (e.context.kind === 'plain') return e.copy(node);
  const handler = node.handler ?? null;
  const parts: Rope[] = ['try', e.part(node.block)];
  if (handler !== null) {
    const param = handler.param ?? null;
    const inside = emitInside(e, handler.body);
    if (param === null) parts.push('catch{', reentry(e), inside, '}');
    else if (param.type === 'Identifier')
      parts.push(
        'catch(',
        emitWrittenName(e, param),
        '){',
        reentry(e),
        seen(e, emitWrittenName(e, param)),
        inside,
        '}',
      );
    else {
      const caught = e.unique('e');
      const names = isSpelledOut(e, param)
        ? emitPatternDeclarations(e, param, caught)
        : [emitTarget(e, param), '=', caught];
      parts.push(`catch(${caught}){`, reentry(e), seen(e, caught), 'let ', names, ';{', inside, '}}');
    }
  }
  if (node.finalizer) {
    e.context.hasFinally = true;
    const { completes } = e.context;
    e.context.completes = false;
    parts.push('finally{', reentry(e), emitInside(e, node.finalizer), '}');
    e.context.completes = completes;
  }
  return parts;
}

/** What the engine says of compiled code is not for the script. */
function seen(e: Emitter, error: Rope): Rope {
  return [`${e.runtime.seen}(`, error, ');'];
}

function emitInside(e: Emitter, block: BlockStatement): Rope {
  return emitStatements(e, block.body, block.start + 1, block.end - 1, 'block');
}

/**
 * A switch. Functions that its cases declare and that are compiled exist as soon as the block is entered: a first case,
 * which nothing equals, makes them.
 */
export function emitSwitch(e: Emitter, node: SwitchStatement): Rope {
  const functions = node.cases.flatMap((one) =>
    one.consequent.filter((s): s is FunctionDeclaration => s.type === 'FunctionDeclaration' && isCompiled(e, s)),
  );
  const { runtime } = e;
  const made: Rope = functions.map((f) => [`${f.id.name}=`, emitWrapped(e, f, f.id.name), ',']);
  const declared = functions.map((f) => `function ${f.id.name}(){}`).join('');
  return [
    'switch(',
    e.expression(node.discriminant, Level.Sequence),
    '){',
    functions.length === 0 ? '' : ['case(', made, `${runtime.UNNAMED}):${declared}`],
    node.cases.map((one): Rope => {
      const first = one.consequent[0];
      return [
        one.test ? ['case(', e.expression(one.test, Level.Sequence), '):'] : 'default:',
        first === undefined ? '' : emitStatements(e, one.consequent, first.start, one.end, 'case'),
      ];
    }),
    '}',
  ];
}
