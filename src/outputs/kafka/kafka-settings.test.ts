import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputError } from '../output-error.ts';
import { readKafkaSettings } from './kafka-settings.ts';

const read = (argument: string) => readKafkaSettings(argument, { env: {} });

test('brokers, topic, format and who logs in are read as k6 has them', () => {
  const settings = read(
    'brokers={one,two:9093},topic=k6,format=influxdb,authMechanism=plain,saslUser=me,saslPassword=it,ssl=true',
  );
  assert.deepEqual(settings.brokers, ['one:9092', 'two:9093']);
  assert.deepEqual([settings.topic, settings.format], ['k6', 'influxdb']);
  assert.deepEqual(settings.sasl, { mechanism: 'PLAIN', username: 'me', password: 'it' });
  assert.deepEqual(settings.tls, { rejectUnauthorized: true });
});

test('a misspelt setting is refused: without it samples would go out in clear', () => {
  for (const misspelt of ['authMechansim=plain', 'sslx=true'])
    assert.throws(
      () => read(`brokers=one,topic=k6,${misspelt}`),
      (error) => error instanceof OutputError && /there is no setting "(?:authMechansim|sslx)"/.test(error.message),
    );
  assert.equal(read('brokers=one,topic=k6,insecureSkipTlsVerify=true').tls, null);
});
