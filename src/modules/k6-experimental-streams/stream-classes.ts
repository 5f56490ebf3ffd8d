// The classes of streams that a virtual user has. Sources and sinks of a script may block, resolve promises and throw wherever a stream
// calls them. So streams are code as a script's own: compiled like it, and evaluated in each virtual user.
import { compileModule } from '../../script/compiler/compile.ts';
import { evaluateFurther } from '../../script/instantiate.ts';
import { DEFINE_SPECIFIER } from '../../script/load/find-run-time-module.ts';
import { findLineStarts } from '../../script/load/line-starts.ts';
import type { Program } from '../../script/program.ts';
import type { RealmFunction } from '../../script/realm-interface.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { makeReadableStream } from './readable-stream.ts';
import { makeStreamParts } from './stream-parts.ts';
import { makeWritableStream } from './writable-stream.ts';

export interface StreamClasses {
  /** What the module exports. */
  readonly named: Readonly<Record<string, unknown>>;
  /** Makes a ReadableStream of what a function gives, until that is undefined. */
  readonly fromChunks: RealmFunction;
}

const CLASSES = Symbol('streams');
const FILE = 'k6/experimental/streams';

let program: Program | null = null;

function compileStreams(): Program {
  const code = `import { define } from '${DEFINE_SPECIFIER}';
const parts = (${String(makeStreamParts)})();
const readable = (${String(makeReadableStream)})(parts);
const pullFrom = (next) => ({ pull(controller) { const chunk = next(); if (chunk === undefined) controller.close(); else controller.enqueue(chunk); } });
const { ReadableStream } = readable;
define(readable, (${String(makeWritableStream)})(parts), parts, (next) => new ReadableStream(pullFrom(next), { highWaterMark: 0 }));`;
  return {
    ...compileModule({ code }),
    name: 'sixfold:streams',
    isCommonJs: false,
    origin: { file: FILE, folder: '', lineOffset: 0, map: null },
    lineStarts: findLineStarts(code),
    shared: null,
    packages: [],
  };
}

/** The classes of a virtual user; made when they are first asked for. */
export function streamClassesOf(vu: VirtualUser): StreamClasses {
  return vu.state(CLASSES, () => evaluateStreams(vu));
}

function evaluateStreams(vu: VirtualUser): StreamClasses {
  let classes: StreamClasses | null = null;
  const define = vu.environment.realm.hostFunction(
    'define',
    4,
    (readable: object, writable: object, parts: object, fromChunks: RealmFunction) => {
      const { CountQueuingStrategy, ByteLengthQueuingStrategy } = parts as Record<string, unknown>;
      classes = { named: { ...readable, ...writable, CountQueuingStrategy, ByteLengthQueuingStrategy }, fromChunks };
    },
  );
  evaluateFurther(vu.environment.realm, (program ??= compileStreams()), vu, () => ({ define }));
  return classes!;
}
