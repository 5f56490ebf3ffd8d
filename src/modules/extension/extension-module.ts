// A module of an extension, as scripts import it (docs/extensions.md).
import type { ClassMember, ExtensionModule, FunctionMember, ModuleHost, ModuleMembers } from '../../extension/api.ts';
import { ExtensionError, type ExtensionPlace } from '../../extension/find-extension.ts';
import { loadExtension } from '../../extension/load-extension.ts';
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostImpl, HostMember, Realm, RealmFunction } from '../../script/realm-interface.ts';
import { Suspension } from '../../script/runtime/suspension.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import { toScriptError } from '../../vu/network-failure.ts';
import { copyList } from '../../vu/script-list.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { copyFromScript } from './copy-values.ts';
import { ExtensionCall } from './extension-call.ts';

/**
 * Loads a module of an extension.
 * @throws ExtensionError for one that cannot be used
 */
export async function loadExtensionModule(place: ExtensionPlace, environment: VuEnvironment): Promise<HostModule> {
  const extension = await loadExtension<ExtensionModule>(place);
  let members: ModuleMembers;
  try {
    members = await extension.create(createModuleHost(environment));
  } catch (error) {
    const { message } = error as Error;
    throw new ExtensionError(`${place.name} (${place.packageName} ${place.version}): ${message}`, { cause: error });
  }
  return { specifier: place.name, create: ({ realm }) => makeExports(realm, members) };
}

function createModuleHost(environment: VuEnvironment): ModuleHost {
  return {
    metric(name, type, contains) {
      const metric = environment.registry.define(String(name), type, contains);
      return {
        add(call, value, given = {}) {
          const vu = ExtensionCall.callerOf(call);
          if (vu.phase === 'init') return;
          let { tags } = vu;
          for (const [key, text] of Object.entries(given)) tags = tags.with(key, String(text));
          environment.samples.add(metric, tags, Number(value), environment.now());
        },
      };
    },
    log: (level, message) => environment.logger.log(level, String(message)),
  };
}

function makeExports(realm: Realm, members: ModuleMembers): (vu: VirtualUser) => { named: Record<string, unknown> } {
  const made: Record<string, unknown> = {};
  const data: string[] = [];
  for (const [name, member] of Object.entries(members)) {
    if (isFunction(member)) made[name] = makeFunction(realm, name, member);
    else if (isClass(member)) made[name] = makeClass(realm, name, member);
    else data.push(name);
  }
  // Data is made for each virtual user, since a script may change its own.
  return () => ({
    named: { ...made, ...Object.fromEntries(data.map((name) => [name, realm.fromHost(members[name])])) },
  });
}

function isFunction(member: unknown): member is FunctionMember {
  const { kind, run } = (member ?? {}) as Partial<FunctionMember>;
  return typeof run === 'function' && (kind === 'plain' || kind === 'blocking' || kind === 'promise');
}

function isClass(member: unknown): member is ClassMember {
  const { kind, construct } = (member ?? {}) as Partial<ClassMember>;
  return typeof construct === 'function' && kind === 'class';
}

function makeFunction(realm: Realm, name: string, member: FunctionMember): RealmFunction {
  const impl = makeImpl(realm, name, member.kind, (call, _self, args) => member.run(call, ...args));
  if (member.kind === 'blocking') return realm.blockingFunction(name, 0, impl);
  return member.kind === 'promise' ? realm.asyncFunction(name, 0, impl) : realm.hostFunction(name, 0, impl);
}

function makeClass(realm: Realm, name: string, member: ClassMember): RealmFunction {
  const states = createAttachedState<object>();
  const methods: Record<string, HostMember> = {};
  for (const [method, { kind, run }] of Object.entries(member.methods)) {
    methods[method] = {
      length: 0,
      kind: kind === 'promise' ? 'async' : kind,
      impl: makeImpl(realm, method, kind, (call, self, args) => {
        const state = states.of(self);
        if (state === null) throw new TypeError(`this is not a ${name}`);
        return run(call, state, ...args);
      }),
    };
  }
  return realm.hostClass({
    name,
    construct(self, given) {
      const call = new ExtensionCall(realm.vu as VirtualUser);
      try {
        states.attach(self, member.construct(call, ...copyAll(given, name)));
      } finally {
        call.finish();
      }
    },
    methods,
  }).constructor;
}

type Run = (call: ExtensionCall, self: unknown, args: unknown[]) => unknown;

/** Copies what goes in and what comes out; what is thrown becomes an error of the script's on its way. */
function makeImpl(realm: Realm, name: string, kind: FunctionMember['kind'], run: Run): HostImpl {
  return function (this: unknown, ...given: unknown[]) {
    const call = new ExtensionCall(realm.vu as VirtualUser);
    const args = copyAll(given, name);
    if (kind === 'plain') {
      try {
        return realm.fromHost(run(call, this, args));
      } finally {
        call.finish();
      }
    }
    const result = (async () => {
      try {
        return realm.fromHost(await run(call, this, args));
      } catch (error) {
        throw error instanceof WireError ? toScriptError(realm, error) : error;
      } finally {
        call.finish();
      }
    })();
    return kind === 'blocking' ? new Suspension(result) : result;
  };
}

function copyAll(given: readonly unknown[], name: string): unknown[] {
  return copyList(given).map((one, i) => copyFromScript(one, `argument ${i + 1} of ${name}()`));
}
