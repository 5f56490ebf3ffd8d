// `__ENV`: the variables that a script sees, each virtual user its own.
import { createCopier } from '../script/object-maker.ts';
import type { VuEnvironment } from './worker-environment.ts';

const makers = new WeakMap<VuEnvironment, () => Record<string, string>>();

/** `__ENV` as a virtual user starts with. */
export function createEnv(environment: VuEnvironment): Record<string, string> {
  let make = makers.get(environment);
  if (make === undefined) makers.set(environment, (make = createEnvMaker(environment)));
  return make();
}

/** Whatever a script puts into `__ENV` becomes text, as variables of a process are. */
const TEXT_VALUES = `(function () {
  'use strict';
  const { defineProperty, getOwnPropertyDescriptor } = Reflect;
  const handler = {
    __proto__: null,
    defineProperty(target, key, descriptor) {
      // Of what nobody can change any more a proxy may not show another value than it was given.
      const canChange = descriptor.configurable ?? getOwnPropertyDescriptor(target, key)?.configurable ?? false;
      if (canChange && typeof key === 'string' && 'value' in descriptor) descriptor.value = \`\${descriptor.value}\`;
      return defineProperty(target, key, descriptor);
    },
  };
  return (target) => new Proxy(target, handler);
})()`;

function createEnvMaker({ realm, env }: VuEnvironment): () => Record<string, string> {
  const make = createCopier(realm, env);
  const holdText = realm.evaluate(TEXT_VALUES) as (target: object) => Record<string, string>;
  return () => holdText(make());
}
