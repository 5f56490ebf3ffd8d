// What a resolver makes of the answers; names below `localhost` are the ones that need nobody to answer.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyPolicy, type DnsOptions, Resolver } from './resolver.ts';
import type { WireError } from './wire-error.ts';

const resolve = (resolver: Resolver, name = 'shop.localhost', preferred?: 4 | 6): Promise<string | WireError> =>
  new Promise((done) => resolver.resolve(name, (error, address) => done(error ?? address), preferred));
const usual: DnsOptions = { ttlMs: 60_000, select: 'roundRobin', policy: 'any' };

describe('a resolver', () => {
  for (const [what, ttlMs] of [
    ['kept', 60_000],
    ['looked up each time', 0],
  ] as const)
    it(`takes the addresses in turn, ${what}`, async () => {
      const resolver = new Resolver({ ...usual, ttlMs });
      const first = await resolve(resolver);
      const others = [await resolve(resolver), await resolve(resolver), await resolve(resolver)];
      assert.notEqual(others[0], first);
      assert.deepEqual([others[1], others[2]], [first, others[0]]);
    });

  it('takes them in turn among those who ask at the same time', async () => {
    const resolver = new Resolver({ ...usual, ttlMs: 0 });
    const four = await Promise.all([1, 2, 3, 4].map(() => resolve(resolver)));
    assert.equal(new Set(four).size, 2);
    assert.deepEqual(four.slice(2), four.slice(0, 2));
  });

  it('gives the first one always, or one of all, as it is told', async () => {
    const first = new Resolver({ ...usual, select: 'first' });
    assert.equal(await resolve(first), await resolve(first));
    const random = new Resolver({ ...usual, select: 'random' });
    const seen = new Set<unknown>();
    for (let round = 0; round < 200 && seen.size < 2; round++) seen.add(await resolve(random));
    assert.equal(seen.size, 2);
  });

  it('admits what the policy does', async () => {
    for (const [policy, address] of [
      ['onlyIPv4', '127.0.0.1'],
      ['preferIPv4', '127.0.0.1'],
      ['onlyIPv6', '::1'],
      ['preferIPv6', '::1'],
    ] as const) {
      const resolver = new Resolver({ ...usual, policy });
      assert.deepEqual([await resolve(resolver), await resolve(resolver)], [address, address], policy);
    }
  });

  it('prefers the family that a question prefers, where the policy admits both', async () => {
    for (const [policy, addresses] of [
      ['preferIPv4', ['127.0.0.1', '::1', '127.0.0.1']],
      ['preferIPv6', ['::1', '::1', '127.0.0.1']],
      ['onlyIPv4', ['127.0.0.1', '127.0.0.1', '127.0.0.1']],
      ['onlyIPv6', ['::1', '::1', '::1']],
    ] as const) {
      const resolver = new Resolver({ ...usual, policy });
      const asked = [undefined, 6, 4] as const;
      const found: unknown[] = [];
      for (const preferred of [...asked, ...asked]) found.push(await resolve(resolver, undefined, preferred));
      assert.deepEqual(found, [...addresses, ...addresses], policy);
    }
  });

  it('answers at once what it knows, and later what it does not', async () => {
    const resolver = new Resolver(usual);
    let answers = 0;
    const ask = (): void => resolver.resolve('shop.localhost', () => answers++);
    ask();
    assert.equal(answers, 0);
    await resolve(resolver);
    assert.equal(answers, 1);
    ask();
    assert.equal(answers, 2);
  });
});

it('a policy keeps the order, and drops repeats and what is no address', () => {
  const mixed = ['::2', '10.0.0.2', 'nonsense', '::1', '10.0.0.2', '10.0.0.1', '::2'];
  assert.deepEqual(applyPolicy(mixed, 'onlyIPv4'), ['10.0.0.2', '10.0.0.1']);
  assert.deepEqual(applyPolicy(mixed, 'onlyIPv6'), ['::2', '::1']);
  assert.deepEqual(applyPolicy(['::2', '::2'], 'preferIPv4'), ['::2']);
  assert.deepEqual(applyPolicy([], 'any'), []);
});
