// Parts of Node that few runs need and that each thread would spend 15 ms of its start on: they are loaded at their first use.
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/** @returns Node's cryptography */
export function nodeCrypto(): typeof import('node:crypto') {
  return load('node:crypto');
}

/** @returns Node's compression */
export function nodeZlib(): typeof import('node:zlib') {
  return load('node:zlib');
}
