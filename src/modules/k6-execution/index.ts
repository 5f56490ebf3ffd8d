// `k6/execution`: where a script is within the test (https://grafana.com/docs/k6/latest/javascript-api/k6-execution/).
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import type { ScenarioState, VirtualUser } from '../../vu/virtual-user.ts';
import { createTagsObject } from './tags-object.ts';
import { createTestObject } from './test-object.ts';

export const executionModule: HostModule = {
  specifier: 'k6/execution',
  create(environment) {
    // Nothing here is a virtual user's own: the getters ask for the one that runs. So all share one set of objects.
    const named = {
      instance: createInstance(environment),
      scenario: createScenario(environment),
      test: createTestObject(environment),
      vu: createVu(environment),
    };
    const outsideInit =
      (part: unknown, what: string) =>
      (vu: VirtualUser): unknown => {
        vu.forbidInit(what);
        return part;
      };
    const parts = createGetters(environment, {
      instance: outsideInit(named.instance, 'getting instance information'),
      scenario: outsideInit(named.scenario, 'getting scenario information'),
      test: () => named.test,
      vu: outsideInit(named.vu, 'getting VU information'),
    });
    return () => ({ default: parts, named });
  },
};

type Getters = Readonly<Record<string, (vu: VirtualUser) => unknown>>;

/** A plain object of the realm with enumerable getters. */
function createGetters({ realm }: VuEnvironment, getters: Getters): object {
  const object = new realm.intrinsics.Object();
  for (const [name, read] of Object.entries(getters)) {
    const get = realm.hostFunction(`get ${name}`, 0, () => read(realm.vu as VirtualUser));
    Object.defineProperty(object, name, { get, enumerable: true, configurable: true });
  }
  return object;
}

function createInstance(environment: VuEnvironment): object {
  const { counts } = environment;
  const outsideInit =
    (read: () => number) =>
    (vu: VirtualUser): number => {
      vu.forbidInit('getting instance information');
      return read();
    };
  return createGetters(environment, {
    currentTestRunDuration: outsideInit(() => counts.testRunDurationMs),
    iterationsCompleted: outsideInit(() => counts.iterationsCompleted),
    iterationsInterrupted: outsideInit(() => counts.iterationsInterrupted),
    vusActive: outsideInit(() => counts.vusActive),
    vusInitialized: outsideInit(() => counts.vusInitialised),
  });
}

function createScenario(environment: VuEnvironment): object {
  const inScenario =
    (read: (scenario: ScenarioState, vu: VirtualUser) => unknown) =>
    (vu: VirtualUser): unknown => {
      vu.forbidInit('getting scenario information');
      if (!vu.scenario) {
        throw environment.realm.error(
          'Error',
          `getting scenario information outside of the VU context is not supported`,
        );
      }
      return read(vu.scenario, vu);
    };
  return createGetters(environment, {
    name: inScenario(({ name }) => name),
    executor: inScenario(({ executor }) => executor),
    startTime: inScenario(({ startTime }) => Math.floor(startTime)),
    progress: inScenario((scenario) => scenario.progress()),
    iterationInInstance: inScenario((_, vu) => vu.iteration.scenarioInInstance),
    iterationInTest: inScenario((_, vu) => vu.iteration.scenarioInTest),
  });
}

function createVu(environment: VuEnvironment): object {
  const tags = createTagsObject(environment, {
    read: (vu) => vu.tags.entries(),
    set(vu, key, value) {
      // Later groups are nested in it.
      if (key === 'group') vu.group = value;
      vu.tags = vu.tags.with(key, value);
    },
    remove(vu, key) {
      if (key === 'group') vu.group = '';
      vu.tags = vu.tags.without(key);
    },
  });
  const metadata = createTagsObject(environment, {
    read: (vu) => vu.tags.metadata ?? [],
    set(vu, key, value) {
      vu.tags = vu.tags.withMetadata(key, value);
    },
    remove(vu, key) {
      vu.tags = vu.tags.withoutMetadata(key);
    },
  });
  // Getters, since all virtual users share the object: one that assigned to it would do so for all.
  const metrics = createGetters(environment, { tags: () => tags, metadata: () => metadata });
  const outsideInit =
    (read: (vu: VirtualUser) => unknown) =>
    (vu: VirtualUser): unknown => {
      vu.forbidInit('getting VU information');
      return read(vu);
    };
  return createGetters(environment, {
    idInInstance: outsideInit((vu) => vu.idInInstance),
    idInTest: outsideInit((vu) => vu.idInTest),
    iterationInInstance: outsideInit((vu) => Math.max(0, vu.iteration.inVu)),
    iterationInScenario: outsideInit((vu) => Math.max(0, vu.iteration.inScenario)),
    tags: outsideInit(() => tags),
    metrics: outsideInit(() => metrics),
  });
}
