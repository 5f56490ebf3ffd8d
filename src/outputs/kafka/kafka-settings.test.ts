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

test('a broker without a port has that of Kafka, and lists may stand in braces or alone', () => {
  assert.deepEqual(read('brokers=one,topic=k6').brokers, ['one:9092']);
  assert.deepEqual(read('brokers={ one , two:1 ,},topic=k6').brokers, ['one:9092', 'two:1']);
  assert.deepEqual(read('brokers={[::1]:9093},topic=k6').brokers, ['[::1]:9093']);
  assert.deepEqual(read('topic=k6,brokers={a:1,b:2},influxdb.tagsAsFields={vu:int,url}').tagsAsFields, {
    vu: 'int',
    url: 'string',
  });
});

test('without brokers or a topic there is nowhere to send to', () => {
  for (const argument of ['', 'topic=k6', 'brokers=one', 'brokers={},topic=k6', 'brokers=one,topic='])
    assert.throws(() => read(argument), /needs brokers and a topic/, argument);
});

test('variables fill in what the argument leaves out', () => {
  const env = {
    K6_KAFKA_BROKERS: 'one,two:1',
    K6_KAFKA_TOPIC: 'from variable',
    K6_KAFKA_AUTH_MECHANISM: 'scram-sha-512',
    K6_KAFKA_SASL_USER: 'me',
    K6_KAFKA_SASL_PASSWORD: 'it',
    K6_KAFKA_PUSH_INTERVAL: '3s',
  };
  const settings = readKafkaSettings('topic=k6', { env });
  assert.deepEqual(settings.brokers, ['one:9092', 'two:1']);
  assert.deepEqual([settings.topic, settings.pushIntervalMs], ['k6', 3000]);
  assert.deepEqual(settings.sasl, { mechanism: 'SCRAM-SHA-512', username: 'me', password: 'it' });
});

test('what cannot be read is refused, and a part that may be a password is not repeated', () => {
  for (const argument of ['hunter2', 'brokers=one,hunter2', 'brokers=one,topic=k6,hunter2'])
    assert.throws(
      () => read(argument),
      (error) => error instanceof OutputError && !error.message.includes('hunter2'),
      argument,
    );
  for (const setting of ['format=csv', 'authMechanism=oauth', 'ssl=perhaps', 'pushInterval=0s'])
    assert.throws(() => read(`brokers=one,topic=k6,${setting}`), OutputError, setting);
});
