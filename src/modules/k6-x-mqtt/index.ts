// `k6/x/mqtt`: a client of MQTT 3.1.1 (https://grafana.com/docs/k6/latest/javascript-api/k6-x-mqtt/).
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostMember, RealmFunction } from '../../script/realm-interface.ts';
import { Suspension } from '../../script/runtime/suspension.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import { toScriptError } from '../../vu/network-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { CallSamples } from './call-samples.ts';
import { ScriptClient } from './script-client.ts';

export const mqttModule: HostModule = {
  specifier: 'k6/x/mqtt',
  create(environment) {
    const Client = createClientClass(environment);
    const exports = { named: { Client } };
    return () => exports;
  },
};

type Call = (client: ScriptClient, args: readonly unknown[]) => Promise<void>;

function createClientClass(environment: VuEnvironment): RealmFunction {
  const { realm } = environment;
  const samples = new CallSamples(environment);
  const clients = createAttachedState<ScriptClient>();
  const own = (self: unknown): ScriptClient => {
    const client = clients.of(self);
    if (client === null) throw new TypeError('this is not a Client');
    return client;
  };
  const explain = (error: unknown): unknown => (error instanceof WireError ? toScriptError(realm, error) : error);
  /** A call that blocks: what fails throws, unless the script listens for errors. */
  const blocking = (length: number, call: Call): HostMember => ({
    length,
    kind: 'blocking',
    impl(this: unknown, ...args: unknown[]) {
      const client = own(this);
      return new Suspension(
        call(client, args).catch((error: unknown) => {
          if (error instanceof WireError && client.hearsErrors) return;
          throw explain(error);
        }),
      );
    },
  });
  /** The same as a promise. */
  const promised = (length: number, call: Call): HostMember => ({
    length,
    kind: 'async',
    async impl(this: unknown, ...args: unknown[]) {
      await call(own(this), args).catch((error: unknown) => {
        throw explain(error);
      });
    },
  });
  const connect: Call = (client, [url, options]) => client.connect(url, options);
  const reconnect: Call = (client) => client.reconnect();
  const publish: Call = (client, [topic, payload, options]) => client.publish(topic, payload, options);
  const subscribe: Call = (client, [topics, options]) => client.subscribe(topics, options);
  const unsubscribe: Call = (client, [topics, options]) => client.unsubscribe(topics, options);
  const end: Call = (client, [options]) => client.end(options);
  return realm.hostClass({
    name: 'Client',
    construct(self, { 0: options }) {
      clients.attach(self, new ScriptClient(realm.vu as VirtualUser, self, samples, options));
    },
    methods: {
      connect: blocking(2, connect),
      connectAsync: promised(2, connect),
      reconnect: blocking(0, reconnect),
      reconnectAsync: promised(0, reconnect),
      publish: blocking(3, publish),
      publishAsync: promised(3, publish),
      subscribe: blocking(2, subscribe),
      subscribeAsync: promised(2, subscribe),
      unsubscribe: blocking(2, unsubscribe),
      unsubscribeAsync: promised(2, unsubscribe),
      end: blocking(1, end),
      endAsync: promised(1, end),
      on: {
        length: 2,
        impl(this: unknown, type: unknown, fn: unknown) {
          own(this).events.on(type, fn);
          return this;
        },
      },
    },
    getters: {
      connected(this: unknown) {
        return own(this).connected;
      },
    },
  }).constructor;
}
