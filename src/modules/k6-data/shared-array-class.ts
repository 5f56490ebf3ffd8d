// SharedArrays of a realm: the class that scripts use, and arrays for modules that make data of their own.
import type { Realm, RealmFunction } from '../../script/realm-interface.ts';
import { keepOpenedFiles } from '../../vu/open-files.ts';
import { ElementWriter, findSharedData, keepSharedData } from '../../vu/shared-data.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { installSharedArray } from './shared-array.ts';

export interface SharedArrays {
  readonly constructor: RealmFunction;
  /** The array of data that has been kept under this name. */
  present(name: string): object;
}

const made = new WeakMap<Realm, SharedArrays>();

export function sharedArrayOf(realm: Realm): SharedArrays {
  let arrays = made.get(realm);
  if (arrays === undefined) made.set(realm, (arrays = createSharedArrays(realm)));
  return arrays;
}

function createSharedArrays(realm: Realm): SharedArrays {
  /** Of arrays that are being built: the function of one may make another. */
  const writers: ElementWriter[] = [];
  // What the function opens is in the array then: nobody reads it again.
  const keepOpened = (keeps: boolean): void => keepOpenedFiles((realm.vu as VirtualUser).environment, keeps);
  const install = realm.evaluate(`'use strict';(${String(installSharedArray)})`) as typeof installSharedArray;
  const SharedArray = install({
    find: realm.hostFunction('find', 1, (name: unknown) => {
      if ((realm.vu as VirtualUser).phase !== 'init') {
        throw realm.error('Error', 'new SharedArray must be called in the init context');
      }
      if (typeof name !== 'string' || name === '') {
        throw realm.error('TypeError', "empty name provided to SharedArray's constructor");
      }
      return findSharedData(name)?.count ?? -1;
    }),
    begin: realm.hostFunction('begin', 0, () => {
      writers.push(new ElementWriter());
      keepOpened(false);
    }),
    add: realm.hostFunction('add', 1, (text: string) => writers.at(-1)!.add(text)),
    end: realm.hostFunction('end', 1, (name: string | null) => {
      const writer = writers.pop()!;
      if (writers.length === 0) keepOpened(true);
      if (name !== null) keepSharedData(name, writer.finish());
    }),
    element: realm.hostFunction('element', 2, (name: string, index: number) => findSharedData(name)?.read(index)),
  } as unknown as Parameters<typeof installSharedArray>[0]);
  return {
    constructor: SharedArray as unknown as RealmFunction,
    present: (name) => new SharedArray(name, () => []),
  };
}
