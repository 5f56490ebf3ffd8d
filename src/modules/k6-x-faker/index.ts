// `k6/x/faker`: made-up data (https://github.com/grafana/xk6-faker), drawn by @faker-js/faker.
import { nearestNames } from '../../codes/nearest-names.ts';
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import { ALL_GENERATORS, CATEGORIES_WITH_ZEN, findGenerator } from './catalogue.ts';
import { createChance, drawOn } from './chance.ts';
import { Arguments, type Generator } from './generator.ts';

const SEED_VARIABLE = 'XK6_FAKER_SEED';

export const fakerModule: HostModule = {
  specifier: 'k6/x/faker',
  create(environment) {
    const { FakerClass, createDefault } = createFakerClass(environment);
    return () => {
      const given = environment.env[SEED_VARIABLE];
      const seed = given === undefined || given === '' ? undefined : Number(given);
      if (seed !== undefined && !Number.isInteger(seed))
        throw new Error(`${SEED_VARIABLE} must be a whole number, not ${JSON.stringify(given)}`);
      return { default: createDefault(seed), named: { Faker: FakerClass } };
    };
  },
};

/** One Faker of a script. */
class FakerState {
  readonly chance: () => number;
  /** The categories' objects, made when they are first asked for: most scripts use one or two. */
  readonly categories = new Map<string, unknown>();

  constructor(seed: number | undefined) {
    this.chance = createChance(seed);
  }
}

function createFakerClass(environment: VuEnvironment) {
  const { realm } = environment;
  const states = createAttachedState<FakerState>();
  const own = (self: unknown): FakerState => {
    const state = states.of(self);
    if (state === null) throw new TypeError('this is not a Faker');
    return state;
  };
  const draw = (state: FakerState, name: string, generator: Generator, args: readonly unknown[]): unknown =>
    realm.fromHost(drawOn(state.chance, (faker) => generator(faker, new Arguments(name, args))));
  const openCategory = (state: FakerState, name: string): unknown => {
    let category = state.categories.get(name);
    if (category === undefined) {
      category = realm.fromHost({});
      for (const [key, generator] of Object.entries(CATEGORIES_WITH_ZEN[name] ?? {})) {
        const value = realm.hostFunction(key, 0, (...args: unknown[]) => draw(state, key, generator, args));
        Object.defineProperty(category, key, { value, writable: true, enumerable: true, configurable: true });
      }
      state.categories.set(name, category);
    }
    return category;
  };
  const hostClass = realm.hostClass({
    name: 'Faker',
    construct(self, { 0: given }) {
      const seed = given === undefined || given === null ? undefined : Math.trunc(Number(given));
      if (seed !== undefined && !Number.isFinite(seed))
        throw new TypeError(
          `the seed of a Faker must be a number, not ${typeof given === 'string' ? JSON.stringify(given) : typeof given}`,
        );
      states.attach(self, new FakerState(seed));
    },
    methods: {
      call: {
        length: 1,
        impl(this: unknown, given: unknown, ...args: unknown[]) {
          const state = own(this);
          const name = String(given);
          const generator = findGenerator(name);
          if (generator !== undefined) return draw(state, name, generator, args);
          const [nearest] = nearestNames(name, Object.keys(ALL_GENERATORS));
          throw new TypeError(
            `faker has no function ${JSON.stringify(name)}${nearest === undefined ? '' : `: did you mean ${nearest}?`}`,
          );
        },
      },
    },
    getters: Object.fromEntries(
      Object.keys(CATEGORIES_WITH_ZEN).map((name) => [
        name,
        function (this: unknown) {
          return openCategory(own(this), name);
        },
      ]),
    ),
  });
  return {
    FakerClass: hostClass.constructor,
    createDefault(seed: number | undefined): object {
      const object = hostClass.create();
      states.attach(object, new FakerState(seed));
      return object;
    },
  };
}
