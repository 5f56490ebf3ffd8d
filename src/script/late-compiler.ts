// What a worker needs of the compiler only for scripts that make code from strings, or ask functions for their text.
export { compileText, type TextOptions } from './compiler/compile-text.ts';
export { findFunctions } from './compiler/function-ranges.ts';
