// `Client` of `k6/x/redis` (https://grafana.com/docs/k6/latest/javascript-api/k6-x-redis/client/).
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostMember, RealmFunction } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { toScriptError } from '../../vu/network-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { ClientConnection } from './client-connection.ts';
import { readClientOptions } from './client-options.ts';
import { CommandSamples } from './command-samples.ts';
import { COMMANDS, readArguments } from './commands.ts';

/** What k6 calls a reply of nothing, such as that of GET for a key that is not there. */
const NIL = 'redis: nil';

export function createClientClass(environment: VuEnvironment): RealmFunction {
  const { realm } = environment;
  const samples = new CommandSamples(environment);
  const connections = createAttachedState<ClientConnection>();

  const send = async (self: unknown, name: string, args: readonly string[]): Promise<unknown> => {
    const connection = connections.of(self);
    if (connection === null) throw new TypeError('this is not a redis.Client');
    try {
      return await connection.send(name, args);
    } catch (error) {
      throw error instanceof WireError ? toScriptError(realm, error) : error;
    }
  };

  const methods: Record<string, HostMember> = {
    sendCommand: {
      length: 1,
      kind: 'async',
      async impl(this: unknown, name: unknown, ...given: unknown[]) {
        if (typeof name !== 'string' || name === '')
          throw new TypeError('sendCommand() takes the name of a command first');
        const reply = await send(this, name, readArguments(given, 'sendCommand'));
        if (reply === null) throw new Error(NIL);
        return realm.fromHost(reply);
      },
    },
  };
  for (const [method, { command, read, reply, length }] of Object.entries(COMMANDS)) {
    methods[method] = {
      length,
      kind: 'async',
      async impl(this: unknown, ...given: unknown[]) {
        const answer = await send(this, command, read(given, method));
        if (answer === null) throw new Error(NIL);
        return realm.fromHost(reply(answer));
      },
    };
  }
  return realm.hostClass({
    name: 'Client',
    length: 1,
    construct(self, { 0: given }) {
      connections.attach(self, new ClientConnection(realm.vu as VirtualUser, readClientOptions(given), samples));
    },
    methods,
  }).constructor;
}
