// `k6/x/sse`: server-sent events (https://github.com/phymbert/xk6-sse).
import type { HostSteps, RealmFunction } from '../../script/realm-interface.ts';
import { box, Suspension, unbox } from '../../script/runtime/suspension.ts';
import { addCustomTags } from '../../vu/custom-tags.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { parseRequestUrl } from '../../wire/http/request-url.ts';
import { createStreamClientClass, StreamClient, type StreamEvent } from './stream-client.ts';
import { readParams } from './stream-params.ts';
import { StreamMetrics, StreamSamples } from './stream-samples.ts';
import { StreamSession } from './stream-session.ts';

export const sseModule: HostModule = {
  specifier: 'k6/x/sse',
  create(environment) {
    const open = createOpen(environment);
    const exports = { named: { open } };
    return () => exports;
  },
};

function createOpen(environment: VuEnvironment): RealmFunction {
  const { realm } = environment;
  const clients = createStreamClientClass(realm);
  const metrics = new StreamMetrics(environment);
  return realm.steppedFunction('open', 3, function* (_self, { 0: given, 1: second, 2: third }): HostSteps {
    const vu = realm.vu as VirtualUser;
    vu.forbidInit('using sse');
    const [params, fn] = typeof second === 'function' ? [undefined, second] : [second, third];
    if (typeof fn !== 'function')
      throw new TypeError('open() takes a function that sets up its client as its last argument');
    const url = parseRequestUrl(String(given));
    const read = readParams(environment, params);
    const tags = addCustomTags(realm, vu.tags, read.tags);
    const client = new StreamClient();
    yield { fn, args: [clients.show(client)] };
    const session = new StreamSession(
      vu,
      url,
      read,
      client,
      new StreamSamples(environment, metrics, tags, url.masked, read.method),
    );
    try {
      for (;;) {
        const event = client.next() ?? (unbox(yield new Suspension(client.wait().then(box))) as StreamEvent);
        if (event.type === 'end') break;
        for (const call of clients.callsOf(client, event)) yield call;
      }
      return session.show(realm);
    } finally {
      // A handler that throws leaves nothing behind.
      session.close();
    }
  });
}
