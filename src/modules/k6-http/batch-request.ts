import type { Realm } from '../../script/realm-interface.ts';
import { box, Suspension } from '../../script/runtime/suspension.ts';
import { copyList } from '../../vu/script-list.ts';
import { type BatchItem, runBatch } from './batch-schedule.ts';
import type { Requests } from './requests.ts';
import type { ScriptObjects } from './script-objects.ts';

/** Makes the requests of `http.batch`: a list or an object of Responses, or what the virtual user waits for. */
export function requestBatch(requests: Requests, args: readonly unknown[]): unknown {
  const vu = requests.caller();
  if (args.length !== 1)
    throw new TypeError(`batch() takes exactly one argument, an array or an object; it was given ${args.length}`);
  const [specs] = args;
  if (typeof specs !== 'object' || specs === null)
    throw new TypeError(`batch() takes an array or an object, not ${specs === null ? 'null' : typeof specs}`);
  const keys = Array.isArray(specs) ? null : Object.keys(specs);
  const list: unknown[] =
    keys === null ? copyList(specs as unknown[]) : keys.map((key) => (specs as Record<string, unknown>)[key]);
  const responses: (object | undefined)[] = new Array<undefined>(list.length).fill(undefined);
  let failure: string | null = null;
  let unmade = false;
  const items: BatchItem[] = [];
  for (const [index, spec] of list.entries()) {
    const settle = (response: object, failed: string | null): void => {
      responses[index] = response;
      failure ??= failed;
    };
    const { method, url, body, params } = readItem(requests.objects, spec, index);
    const onUnmade = (): void => {
      unmade = true;
    };
    const call = requests.read(method, url, body, params, { settle, onUnmade });
    // As in k6: what cannot even be read ends the preparing, and what stands behind it is not sent.
    if (unmade) break;
    if (call === null) continue;
    items.push({
      host: call.plan.url.authority,
      start: (done) =>
        requests.start(vu, call, {
          settle(response, failed) {
            settle(response, failed);
            done();
          },
        }),
    });
  }
  if (unmade && failure !== null) throw requests.realm.error('Error', failure);
  const finish = (): unknown => {
    if (failure !== null) throw requests.realm.error('Error', failure);
    return collect(requests.realm, responses, keys);
  };
  if (items.length === 0) return finish();
  const { batch, batchPerHost } = requests.environment.options;
  return new Suspension(
    new Promise((resolve, reject) => {
      runBatch(items, { total: batch, perHost: batchPerHost }, () => {
        try {
          resolve(box(finish()));
        } catch (error) {
          reject(error);
        }
      });
    }),
  );
}

function collect(realm: Realm, responses: readonly (object | undefined)[], keys: readonly string[] | null): unknown {
  const { intrinsics } = realm;
  if (keys === null) {
    const list = new intrinsics.Array() as unknown[];
    for (const response of responses) list.push(response ?? null);
    return list;
  }
  const named = new intrinsics.Object() as Record<string, unknown>;
  keys.forEach((key, index) => {
    if (responses[index] === undefined) return;
    Object.defineProperty(named, key, {
      value: responses[index],
      enumerable: true,
      writable: true,
      configurable: true,
    });
  });
  return named;
}

function readItem(
  objects: ScriptObjects,
  spec: unknown,
  index: number,
): { method: string; url: unknown; body: unknown; params: unknown } {
  if (typeof spec === 'string' || objects.isUrl(spec)) return { method: 'GET', url: spec, body: null, params: null };
  if (Array.isArray(spec)) {
    if (spec.length < 2)
      throw new TypeError(`invalid batch request ${index}: an array needs at least a method and a URL`);
    return { method: String(spec[0]), url: spec[1], body: spec[2], params: spec[3] };
  }
  if (typeof spec === 'object' && spec !== null) {
    const { method, url, body, params } = spec as Record<string, unknown>;
    if (url === undefined) throw new TypeError(`invalid batch request ${index}: it has no url`);
    const name = method === undefined || method === null ? 'GET' : String(method).toUpperCase();
    // GET and HEAD of the object form never had a body.
    return { method: name, url, body: name === 'GET' || name === 'HEAD' ? null : body, params };
  }
  throw new TypeError(`invalid batch request ${index}: it is neither text, an array nor an object`);
}
