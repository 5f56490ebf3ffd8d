// Where a virtual user's init code is: which module's top level runs, and what it has loaded on the way.
import path from 'node:path';
import type { VirtualUser } from './virtual-user.ts';

/** Path, address or name → what gives the exports of a module that is part of the script. */
export type BundledModules = Readonly<Record<string, () => unknown>>;

/** A module whose `require` is being called. */
export interface Asker {
  /** A file: or https: address. */
  readonly base: string;
  /** What it asks for by names that stand in its text. */
  readonly literal: BundledModules;
  /** Files and addresses of the whole script. */
  readonly bundled: BundledModules;
}

/** One of it per virtual user. */
export interface InitModules {
  /** The module whose top level runs, relative to the script's folder or absolute; null where the script is one file. */
  current: string | null;
  /** Exports of the modules that were loaded while the script ran, by absolute path; null: none yet. */
  loaded: Map<string, { exports: unknown }> | null;
  /** Whose `require` the script is calling, where it has several files. */
  asker: Asker | null;
  /** Of all virtual users that run the init code, the one whose warnings are shown. */
  warns: boolean;
}

const INIT = Symbol('init modules');

/** @returns the state of that virtual user */
export function initModulesOf(vu: VirtualUser): InitModules {
  return vu.state<InitModules>(INIT, () => ({
    current: null,
    loaded: null,
    asker: null,
    warns: false,
  }));
}

/**
 * Says that the top level of a module begins.
 * @returns the one before
 */
export function enterModule(vu: VirtualUser, name: string | null): string | null {
  const state = initModulesOf(vu);
  const before = state.current;
  state.current = name;
  return before;
}

/** The file of the module whose top level runs; that of the script for modules of the web. */
export function currentFile(vu: VirtualUser): string {
  const { file, folder } = vu.environment.script;
  const { current } = initModulesOf(vu);
  const script = file ?? path.join(folder, '-');
  return current === null || /^https:|^<stdin>$/.test(current) ? script : path.resolve(folder, current);
}
