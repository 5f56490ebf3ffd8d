// What `--out influxdb=…` and `--out xk6-influxdb=…` say, as k6 and its extension have it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OutputError } from '../output-error.ts';
import { describeInflux, readFields, readInfluxSettings, readInfluxV2Settings } from './influx-settings.ts';

const read = (argument: string, env: Record<string, string> = {}) => readInfluxSettings(argument, { env });
const readV2 = (argument: string, env: Record<string, string> = {}) => readInfluxV2Settings(argument, { env });
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('an address of InfluxDB 1', () => {
  test('is that of this machine, and the database k6, where nothing is said', () => {
    const settings = read('');
    assert.deepEqual(
      [settings.address, settings.database, settings.authorization, settings.pushIntervalMs, settings.concurrentWrites],
      ['http://localhost:8086/', 'k6', '', 1000, 4],
    );
    assert.deepEqual(settings.query, { consistency: '', db: 'k6', precision: 'ns', rp: '' });
    assert.deepEqual(settings.tagsAsFields, { vu: 'int', iter: 'int', url: 'string' });
  });

  test('names the database by its path, and settings by its query, in either writing', () => {
    const settings = read(
      'https://influx.test:9999/load%20tests?push_interval=2s&concurrentWrites=2&retention=week&precision=ms',
    );
    assert.equal(settings.address, 'https://influx.test:9999/');
    assert.equal(settings.database, 'load tests');
    assert.deepEqual([settings.pushIntervalMs, settings.concurrentWrites, settings.precision], [2000, 2, 'ms']);
    assert.deepEqual([settings.query['rp'], settings.query['db']], ['week', 'load tests']);
  });

  test('may hold who logs in, who then is in no description', () => {
    const settings = read('http://me:p%40ss@influx.test/db');
    assert.equal(settings.authorization, basic('me:p@ss'));
    assert.deepEqual(settings.hidden, ['p@ss']);
    assert.equal(settings.address, 'http://influx.test/');
    assert.equal(describeInflux(settings), 'influxdb (http://influx.test/db)');
  });

  test('may do so in the variable too, with a password alone, or a name', () => {
    for (const [login, told] of [
      ['me:p%40ss', 'me:p@ss'],
      [':token', ':token'],
      ['me', 'me:'],
    ] as const) {
      assert.equal(read(`http://${login}@influx.test/db`).authorization, basic(told));
      assert.equal(read('', { K6_INFLUXDB_ADDR: `http://${login}@influx.test` }).authorization, basic(told));
    }
    const env = { K6_INFLUXDB_ADDR: 'http://a:b@influx.test', K6_INFLUXDB_PASSWORD: 'c' };
    assert.equal(read('', env).authorization, basic('a:c'));
  });

  test('goes through a proxy, which is refused without its password where it cannot be read', () => {
    assert.equal(read('', { K6_INFLUXDB_PROXY: 'me:it@proxy.test' }).proxy, 'me:it@proxy.test');
    for (const proxy of ['http://me:secret@proxy.test:port', 'ftp://me:secret@proxy.test'])
      assert.throws(
        () => read('', { K6_INFLUXDB_PROXY: proxy }),
        (error: Error) =>
          error instanceof OutputError &&
          /^the output influxdb: the environment variable K6_INFLUXDB_PROXY: the proxy "/.test(error.message) &&
          !error.message.includes('secret'),
      );
  });

  test('takes a percent sign that begins no escape as it stands', () => {
    assert.equal(read('http://me:100%sure@influx.test/db').authorization, basic('me:100%sure'));
    assert.equal(read('http://influx.test/100%').database, '100%');
    assert.equal(read('http://m%ff:x@influx.test/db').authorization, basic('m%ff:x'));
  });

  test('that is none is refused, and not repeated: it may hold a password', () => {
    for (const argument of ['influx.test', 'me:secret@influx.test', 'ftp://me:secret@influx.test/', 'http://', '://'])
      assert.throws(
        () => read(argument),
        (error: Error) => error instanceof OutputError && !error.message.includes('secret'),
        argument,
      );
  });

  test('with a setting that there is not, or of no value that there is, is refused', () => {
    for (const query of [
      'pushinterval2=1s',
      'concurrentWrites=0',
      'concurrentWrites=1.5',
      'precision=m',
      'pushInterval=-1s',
      'insecure=maybe',
    ])
      assert.throws(() => read(`http://influx.test/db?${query}`), OutputError, query);
  });

  test('goes before variables, which keep to k6’s names', () => {
    const env = {
      K6_INFLUXDB_ADDR: 'http://from-variable.test/below',
      K6_INFLUXDB_DB: 'variable',
      K6_INFLUXDB_USERNAME: 'me',
      K6_INFLUXDB_PASSWORD: 'it',
      K6_INFLUXDB_TAGS_AS_FIELDS: 'a:int,b:bool',
    };
    const settings = read('', env);
    assert.deepEqual(
      [settings.address, settings.database, settings.authorization],
      ['http://from-variable.test/below/', 'variable', basic('me:it')],
    );
    assert.deepEqual(settings.tagsAsFields, { a: 'int', b: 'bool' });
    assert.equal(read('http://argument.test/', env).address, 'http://argument.test/');
    assert.equal(read('http://argument.test/', env).database, 'variable');
  });
});

describe('an address of InfluxDB 2', () => {
  test('names the bucket by its path; the token is shown to nobody', () => {
    const settings = readV2('http://influx.test:8086/bucket?organization=us', { K6_INFLUXDB_TOKEN: 'secret' });
    assert.deepEqual(settings.query, { org: 'us', bucket: 'bucket', precision: 'ns' });
    assert.equal(settings.authorization, 'Token secret');
    assert.deepEqual(settings.hidden, ['secret']);
    assert.equal(describeInflux(settings), 'influxdb (http://influx.test:8086/bucket)');
  });

  test('needs a bucket', () => {
    assert.throws(() => readV2('http://influx.test:8086'), /needs a bucket/);
    assert.equal(readV2('', { K6_INFLUXDB_BUCKET: 'b' }).query['bucket'], 'b');
  });

  test('writes precisions as version 2 knows them', () => {
    for (const [given, sent] of [
      ['u', 'us'],
      ['us', 'us'],
      ['n', 'ns'],
      ['s', 's'],
    ] as const)
      assert.equal(readV2('http://h/b', { K6_INFLUXDB_PRECISION: given }).query['precision'], sent);
  });
});

test('tags as fields are TAG or TAG:TYPE', () => {
  assert.deepEqual(readFields('o', ['a', 'b:float', 'c:string']), { a: 'string', b: 'float', c: 'string' });
  for (const word of ['a:integer', 'a:', 'a:INT']) assert.throws(() => readFields('o', [word]), /is not TAG:TYPE/);
});
