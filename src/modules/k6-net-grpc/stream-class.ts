// `new grpc.Stream(client, method, params)` (k6 page "k6/net/grpc > Stream"): any call pattern by events.
import type { HostClass, RealmFunction } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { readCallParams } from './call-params.ts';
import type { CallSamples } from './call-samples.ts';
import type { ClientClass } from './client-class.ts';
import { OpenStream, type StreamEvent } from './open-stream.ts';
import type { ResponseFactory } from './response.ts';

const EVENTS: readonly string[] = ['data', 'error', 'end', 'status'];

export function createStreamClass(
  environment: VuEnvironment,
  samples: CallSamples,
  responses: ResponseFactory,
  clients: ClientClass,
): HostClass['constructor'] {
  const { realm, logger } = environment;
  const streams = new WeakMap<object, OpenStream>();
  const make = {
    stamp: realm.evaluate('(ts) => ({ts})') as (ts: number) => unknown,
    empty: realm.evaluate('() => ({})') as () => unknown,
  };

  const own = (self: unknown): OpenStream => {
    const stream = streams.get(self as object);
    if (!stream) throw new TypeError('this is not a grpc.Stream');
    return stream;
  };

  return realm.hostClass({
    name: 'Stream',
    length: 3,
    construct(self, { 0: client, 1: method, 2: given }) {
      const vu = realm.vu as VirtualUser;
      vu.forbidInit('opening a gRPC stream');
      const connection = clients.connectionOf(client);
      if (!connection) throw new Error("invalid GRPC Stream's client: it is not a grpc.Client");
      let channel: typeof connection.channel;
      try {
        channel = connection.channel;
      } catch (error) {
        throw new Error(`invalid GRPC Stream's client: ${(error as Error).message}`);
      }
      const target = connection.method(method);
      let params: ReturnType<typeof readCallParams>;
      try {
        params = readCallParams(given);
      } catch (error) {
        throw new Error(`invalid GRPC Stream's parameters: ${(error as Error).message}`);
      }
      const tags = samples.tags(vu.tags, params.tags, connection.address, target);
      streams.set(
        self,
        new OpenStream({
          vu,
          environment,
          address: connection.address,
          channel,
          registry: connection.registry,
          target,
          params,
          tags,
          samples,
          responses,
          make,
        }),
      );
    },
    methods: {
      on: {
        length: 2,
        impl(this: unknown, event: unknown, handler: unknown) {
          if (typeof handler !== 'function')
            throw new TypeError(`handler for "${String(event)}" event isn't a callable function`);
          if (!EVENTS.includes(String(event))) {
            logger.log('warning', `Unknown event "${String(event)}": a stream has data, error and end`);
            return;
          }
          own(this).on(String(event) as StreamEvent, handler as RealmFunction);
        },
      },
      write: {
        length: 1,
        impl(this: unknown, message: unknown) {
          if (message === undefined || message === null) {
            logger.log('warning', 'can not write a message that is null or undefined to a gRPC stream');
            return;
          }
          own(this).write(message);
        },
      },
      end: {
        length: 0,
        impl(this: unknown) {
          own(this).end();
        },
      },
    },
  }).constructor;
}
