// What the user gets to read of an error: its message and the stack in the files as the user wrote them.
import path from 'node:path';
import { type OriginalPosition, traceOrigin } from '../load/code-origin.ts';
import { ScriptError } from '../load/script-error.ts';
import { SHARED_FILE } from '../load/shared-packages.ts';
import type { Program } from '../program.ts';
import type { Realm } from '../realm-interface.ts';
import { adviseOnMissingGlobal } from './missing-globals.ts';

export interface ErrorDescription {
  /** Message and stack, one frame a line, in the form of k6. */
  readonly text: string;
  /** Without the stack. */
  readonly message: string;
  readonly frames: readonly StackFrame[];
}

export interface StackFrame extends OriginalPosition {
  /** '' at a module's top level. */
  readonly functionName: string;
}

/** As many frames as V8 gives by default; a recursion that fails would fill the screen. */
const SHOWN_FRAMES = 20;

/**
 * Describes what a script threw: `TypeError: x\n\tat inner (file:///…/script.js:15:9)`.
 * @param error anything a script can throw
 */
export function describeError(error: unknown, program: Program): ErrorDescription {
  if (error instanceof ScriptError) return { text: error.message, message: error.message, frames: [] };
  const message = describeThrown(error);
  const frames = traceFrames(error, program);
  const lines = frames.slice(0, SHOWN_FRAMES).map(showFrame);
  if (frames.length > SHOWN_FRAMES) lines.push(`\t... ${frames.length - SHOWN_FRAMES} more`);
  const causes = describeCauses(error, program);
  return { text: [message, ...lines, ...causes].join('\n'), message, frames };
}

function showFrame({ functionName, file, line, column }: StackFrame): string {
  const place = `${file.startsWith('/') ? `file://${file}` : file}:${line}:${column}`;
  return functionName === '' ? `\tat ${place}` : `\tat ${functionName} (${place})`;
}

/** What a script gives: reading it may run a script's code, which may throw. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function describeThrown(error: unknown): string {
  if ((typeof error !== 'object' || error === null) && typeof error !== 'function') return String(error);
  const unreadable = `[${typeof error}]`;
  if (!attempt(() => isError(error), false)) {
    const text = attempt(() => (typeof error === 'object' ? JSON.stringify(error) : undefined), undefined);
    return text ?? attempt(() => String(error), unreadable);
  }
  const shownName = attempt(() => String((error as Error).name ?? 'Error'), 'Error');
  const text = attempt(() => String((error as Error).message ?? ''), '');
  if (text === '') return shownName;
  return (shownName === '' ? text : `${shownName}: ${text}`) + adviseOnMissingGlobal(shownName, text);
}

function isError(value: object): value is Error {
  return Error.isError(value) || (typeof (value as Error).stack === 'string' && 'message' in value);
}

function causeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  return attempt(() => (error as { cause?: unknown }).cause, undefined);
}

function describeCauses(error: unknown, program: Program): string[] {
  const lines: string[] = [];
  const seen = new Set<unknown>([error]);
  let cause = causeOf(error);
  while (cause !== undefined && !seen.has(cause) && seen.size < 6) {
    seen.add(cause);
    lines.push(
      `caused by ${describeThrown(cause)}`,
      ...traceFrames(cause, program).slice(0, SHOWN_FRAMES).map(showFrame),
    );
    cause = causeOf(cause);
  }
  return lines;
}

const FRAME = /^\s+at (?:(.*?) \()?((?:sixfold:|file:|\/)[^()]*?):(\d+):(\d+)\)?$/;

/** Frames of errors whose stack a script or we have looked at, see {@link showStacks}. */
const shown = new WeakMap<object, readonly StackFrame[]>();

/** The frames of the user's own code, innermost first; those of the runtime and of compiled code's own calls are left out. */
function traceFrames(error: unknown, program: Program): readonly StackFrame[] {
  if (typeof error !== 'object' || error === null) return [];
  const stack = attempt(() => (error as { stack?: unknown }).stack, undefined);
  const known = shown.get(error);
  if (known) return known;
  if (typeof stack !== 'string') return [];
  const frames: StackFrame[] = [];
  for (const text of stack.split('\n')) {
    const match = FRAME.exec(text);
    if (match) addFrame(frames, match[1] ?? '', match[2]!, Number(match[3]), Number(match[4]), program);
  }
  return frames;
}

/**
 * Lets scripts see the stacks of their errors as they wrote them: V8 asks for the text when `error.stack` is first read.
 * @param program whose compiled code runs in the realm
 */
export function showStacks(realm: Realm, program: Program): void {
  const prepare = realm.hostFunction('prepareStackTrace', 2, (error: unknown, sites: unknown) => {
    const frames: StackFrame[] = [];
    try {
      for (let i = 0; i < (sites as unknown[]).length; i++) {
        const { name, file, line, column } = readCallSite((sites as unknown[])[i]);
        addFrame(frames, name, file, line, column, program);
      }
      shown.set(error as object, frames);
    } catch {
      // A script has called this itself, with call sites of its own making.
    }
    return [describeThrown(error), ...frames.map(showFrame)].join('\n');
  });
  // Node looks it up on the realm's Error. A script that assigns to it changes nothing: call sites show functions and receivers of
  // frames that are not the script's.
  Object.defineProperty(realm.intrinsics.Error, 'prepareStackTrace', {
    get: realm.hostFunction('get prepareStackTrace', 0, () => prepare) as () => unknown,
    set: realm.hostFunction('set prepareStackTrace', 1, () => undefined) as (value: unknown) => void,
    configurable: false,
    enumerable: false,
  });
}

const callSite = Object.getPrototypeOf(captureCallSite()) as NodeJS.CallSite;

function captureCallSite(): NodeJS.CallSite {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_, [site]) => site;
    return new Error().stack as unknown as NodeJS.CallSite;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** @throws TypeError for what is no call site: the engine's own methods tell, whatever the object says of itself */
function readCallSite(site: unknown): { name: string; file: string; line: number; column: number } {
  return {
    name: callSite.getFunctionName.call(site) ?? '',
    file: callSite.getFileName.call(site) ?? '',
    line: callSite.getLineNumber.call(site) ?? 0,
    column: callSite.getColumnNumber.call(site) ?? 0,
  };
}

/** Programs that scripts loaded while they ran. */
const added = new Map<string, Program>();

/** Lets stacks show the frames of a further program. */
export function addProgram(program: Program): void {
  added.set(program.name, program);
}

/** The lines of a stack for places in compiled code; lines and columns are 1-based. */
export function describePlaces(
  places: readonly { functionName: string; file: string; line: number; column: number }[],
  program: Program,
): string {
  const frames: StackFrame[] = [];
  for (const { functionName, file, line, column } of places)
    addFrame(frames, functionName, file, line, column, program);
  return frames.slice(0, SHOWN_FRAMES).map(showFrame).join('\n');
}

/** The user's own function at a place in compiled code, or null; lines and columns are 1-based. */
export function locateFunction(
  rawName: string,
  file: string,
  line: number,
  column: number,
  program: Program,
): { functionName: string; file: string; line: number } | null {
  const position = trace(file, line, column, program);
  return position && { functionName: cleanName(rawName, position.file), file: position.file, line: position.line };
}

function addFrame(
  frames: StackFrame[],
  rawName: string,
  file: string,
  line: number,
  column: number,
  program: Program,
): void {
  const position = trace(file, line, column, program);
  if (!position) return;
  const previous = frames.at(-1);
  // A function and its twin, or a call and its resumption, are one frame to the user.
  const isSame =
    previous?.line === position.line && previous.file === position.file && previous.column === position.column;
  if (!isSame) frames.push({ functionName: cleanName(rawName, position.file), ...position });
}

/** The user's own position of an offset in the text that was compiled. */
export function traceOffset(program: Program, offset: number): OriginalPosition | null {
  const line = lineAt(program.lineStarts, offset);
  return traceOrigin(program.origin, line + 1, offset - program.lineStarts[line]! + 1);
}

function trace(file: string, line: number, column: number, program: Program): OriginalPosition | null {
  if (file === SHARED_FILE) {
    const { shared } = program;
    return shared && traceOrigin({ ...shared, file: SHARED_FILE }, line, column);
  }
  if (file !== program.name) {
    const later = added.get(file);
    return later ? trace(file, line, column, later) : null;
  }
  const offset = sourceOffset(program, generatedOffset(program, line, column));
  if (offset < 0) return null;
  return traceOffset(program, offset);
}

/** `async Object.foo$S` → `foo`; names that the compiler made up are none. */
function cleanName(raw: string, file: string): string {
  const name = raw
    .replace(/^async /, '')
    .replace(/^new /, '')
    .replace(/ \[as [^\]]*\]$/, '')
    .replace(/^(?:Object|global|globalThis|Module)\./, '')
    // What an async function goes on as after an `await`.
    .replace(/^\$(?:\w*\$|\d+_)f_/, '');
  if (name !== '' && name === bundledDefault(file)) return 'default';
  return /^(?:<anonymous>|eval|Function)?$/.test(name) || /[$]/.test(name) ? '' : name;
}

/** What esbuild calls the default export of a file that gives it no name. */
function bundledDefault(file: string): string {
  return `${path.basename(file, path.extname(file)).replace(/[^\p{ID_Continue}$]+/gu, '_')}_default`;
}

const lineTables = new WeakMap<Program, Int32Array>();

function generatedOffset(program: Program, line: number, column: number): number {
  let starts = lineTables.get(program);
  if (!starts) {
    const found = [0];
    for (let at = program.code.indexOf('\n'); at >= 0; at = program.code.indexOf('\n', at + 1)) found.push(at + 1);
    lineTables.set(program, (starts = Int32Array.from(found)));
  }
  return (starts[line - 1] ?? 0) + column - 1;
}

/** The offset in the module's source of an offset in the compiled code; -1 where no text of the user's is near. */
function sourceOffset({ segments }: Program, generated: number): number {
  let low = 0;
  let high = segments.length / 3 - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (segments[middle * 3]! <= generated) {
      found = middle;
      low = middle + 1;
    } else high = middle - 1;
  }
  if (found < 0) return -1;
  const start = segments[found * 3]!;
  const source = segments[found * 3 + 1]!;
  const length = segments[found * 3 + 2]!;
  // Within a segment the text is the user's; behind it stands what was put in its place (a call's frame, say): its end.
  return source + Math.min(generated - start, Math.max(0, length - 1));
}

/** 0-based number of the line that holds an offset. */
function lineAt(starts: Int32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
