import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

test('secrets are promised strings, by the default source or a named one, in init code too', async () => {
  const bench = await createScriptBench(
    `
    import secrets, { get, source } from 'k6/secrets';
    import { sleep } from 'k6';
    const early = await secrets.get('k');
    export default async () => {
      const pending = secrets.get('k');
      sleep(0.001);
      return [early, pending instanceof Promise, await pending, await secrets.source('other').get('k'), await (await source('other')).get('k'),
        get === secrets.get, Object.keys(secrets)];
    };`,
    {},
    '/',
    ['mock=k=one', 'mock=name=other,k=two'],
  );
  assert.deepEqual(await bench.run(), ['one', true, 'one', 'two', 'two', true, ['get', 'source']]);
});

test('what is not there, or no name, rejects the promise with an error of the script', async () => {
  const bench = await createScriptBench(
    `
    import secrets from 'k6/secrets';
    const tell = (promise) => promise.then(() => 'fine', (e) => (e instanceof Error) + ' ' + e.name + ' ' + e.message);
    const { get } = secrets.source('other');
    export default async () => [
      await tell(secrets.get('nope')), await tell(secrets.get()), await tell(secrets.get('')), await tell(secrets.source('toher').get('k')), await tell(get('k')),
      (() => { try { secrets.source(); } catch (e) { return e.name; } })(),
      (() => { try { new (secrets.source('other').constructor)(); } catch (e) { return e.name; } })(),
    ];`,
    {},
    '/',
    ['mock=name=other,k=two'],
  );
  const [missing, ...others] = (await bench.run()) as string[];
  assert.match(missing, /^true Error there is no secret "nope"/);
  assert.match(others[0]!, /^true TypeError .*takes the name of a secret/);
  assert.match(others[1]!, /^true TypeError/);
  assert.match(others[2]!, /^true Error there is no source of secrets "toher" \(did you mean "other"\?\)/);
  assert.match(others[3]!, /^true TypeError this is not a source/);
  assert.deepEqual(others.slice(4), ['TypeError', 'TypeError']);
});
