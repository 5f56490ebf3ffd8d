import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DNS, mergeDns, resolveDns } from './dns-options.ts';
import { JsonReader } from './json-reader.ts';

const fromJson = (value: unknown) => DNS.fromJson(new JsonReader(value, ['dns']));

describe('the option dns', () => {
  it('is read alike as an object and as text, in JSON too', () => {
    const expected = { ttl: '5m', select: 'first', policy: 'any' };
    assert.deepEqual(fromJson({ ttl: '5m', select: 'first', policy: 'any' }), expected);
    assert.deepEqual(fromJson('ttl=5m,select=first,policy=any'), expected);
    assert.deepEqual(DNS.fromText(' policy = ANY , ttl=5m,select=First'), expected);
  });

  it('keeps what a lower source has set, field by field', () => {
    assert.deepEqual(mergeDns(DNS.fromText('ttl=1m,select=first'), DNS.fromText('ttl=0')), {
      ttl: '0',
      select: 'first',
      policy: null,
    });
  });

  it('keeps answers for five minutes, unless a ttl says otherwise: a duration, milliseconds, for ever, not at all', () => {
    const ttlOf = (value: unknown) => resolveDns(fromJson(value)).ttlMs;
    assert.equal(ttlOf({}), 300_000);
    assert.equal(ttlOf({ ttl: '1m30s' }), 90_000);
    assert.equal(ttlOf({ ttl: 250 }), 250);
    assert.equal(ttlOf({ ttl: 'inf' }), null);
    assert.equal(ttlOf({ ttl: '0' }), 0);
    assert.equal(ttlOf({ ttl: 0 }), 0);
  });

  it('chooses among addresses at random, the older kind first, unless it is told otherwise', () => {
    assert.deepEqual(resolveDns(fromJson({})), { ttlMs: 300_000, select: 'random', policy: 'preferIPv4' });
    assert.equal(resolveDns(DNS.fromText('select=roundRobin')).select, 'roundRobin');
    assert.equal(resolveDns(DNS.fromText('policy=onlyIPv6')).policy, 'onlyIPv6');
  });

  it('says what a value that makes no sense should be', () => {
    assert.throws(() => DNS.fromText('cache=1'), /dns has no "cache": it takes ttl, select and policy/);
    assert.throws(() => DNS.fromText('select=last'), /dns select "last" is none of first, random, roundRobin/);
    assert.throws(() => fromJson({ policy: 'none' }), /"dns.policy" must be one of "preferIPv4"/);
    assert.throws(() => fromJson({ ttl: '-1s' }), /the dns ttl "-1s" must not be negative/);
    assert.throws(() => DNS.fromText('ttl=soon'));
  });
});
