// `k6/x/tcp`: plain and TLS sockets (https://grafana.com/docs/k6/latest/javascript-api/k6-x-tcp/).
import { createAttachedState } from '../../script/attached-state.ts';
import type { RealmFunction } from '../../script/realm-interface.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { ScriptSocket } from './script-socket.ts';
import { SocketMetrics } from './socket-metrics.ts';

export const tcpModule: HostModule = {
  specifier: 'k6/x/tcp',
  create(environment) {
    const Socket = createSocketClass(environment);
    const exports = { named: { Socket } };
    return () => exports;
  },
};

function createSocketClass(environment: VuEnvironment): RealmFunction {
  const { realm } = environment;
  const metrics = new SocketMetrics(environment);
  const sockets = createAttachedState<ScriptSocket>();
  const own = (self: unknown): ScriptSocket => {
    const socket = sockets.of(self);
    if (socket === null) throw new TypeError('this is not a Socket');
    return socket;
  };
  const connect = {
    length: 2,
    kind: 'async' as const,
    async impl(this: unknown, first: unknown, second: unknown) {
      return own(this).connect(first, second);
    },
  };
  const write = {
    length: 2,
    kind: 'async' as const,
    async impl(this: unknown, data: unknown, options: unknown) {
      return own(this).write(data, options);
    },
  };
  return realm.hostClass({
    name: 'Socket',
    construct(self, { 0: options }) {
      sockets.attach(self, new ScriptSocket(realm.vu as VirtualUser, self, metrics, options));
    },
    methods: {
      connect,
      // As an earlier version of the extension called them.
      connectAsync: connect,
      write,
      writeAsync: write,
      on: {
        length: 2,
        impl(this: unknown, type: unknown, fn: unknown) {
          own(this).events.on(type, fn);
          return this;
        },
      },
      setTimeout: {
        length: 1,
        impl(this: unknown, ms: unknown) {
          own(this).setTimeout(ms);
          return this;
        },
      },
      destroy: {
        length: 0,
        impl(this: unknown) {
          own(this).destroy();
        },
      },
    },
    getters: {
      ready_state(this: unknown) {
        return own(this).state;
      },
      connected(this: unknown) {
        return own(this).state === 'open';
      },
      local_ip(this: unknown) {
        return own(this).local?.ip;
      },
      local_port(this: unknown) {
        return own(this).local?.port;
      },
      remote_ip(this: unknown) {
        return own(this).remote?.ip;
      },
      remote_port(this: unknown) {
        return own(this).remote?.port;
      },
      bytes_written(this: unknown) {
        return own(this).bytesWritten;
      },
      bytes_read(this: unknown) {
        return own(this).bytesRead;
      },
    },
  }).constructor;
}
