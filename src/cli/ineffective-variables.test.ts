import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listIneffectiveVariables } from './ineffective-variables.ts';

test('names variables that change nothing, and those that were meant to be another', () => {
  const sentences = listIneffectiveVariables({
    all_proxy: 'http://proxy:3128',
    K6_WEB_DASHBOARD: 'true',
    K6_WEB_DASHBOARD_PERIOD: '5s',
    K6_DURATOIN: '5s',
  });
  assert.equal(sentences.length, 3);
  assert.match(sentences[0], /^all_proxy has no effect.*HTTPS_PROXY/);
  assert.match(sentences[2], /^K6_DURATOIN has no effect.*did you mean "K6_DURATION"/);
});

test('names what is an option, but no variable', () => {
  const sentences = listIneffectiveVariables({ K6_EXECUTION_SEGMENT: '0:1/2', SIXFOLD_TLS_VERSION: 'tls1.3' });
  assert.match(
    sentences[0]!,
    /^K6_EXECUTION_SEGMENT has no effect: executionSegment is an option.*--execution-segment/,
  );
  assert.match(
    sentences[1]!,
    /^SIXFOLD_TLS_VERSION has no effect: tlsVersion is an option of the script and the config/,
  );
  assert.equal(sentences.length, 2);
});

test('what works, is empty, is off or is another program’s is not named', () => {
  const env = {
    K6_VUS: '3',
    HTTP_PROXY: 'http://proxy:3128',
    ALL_PROXY: '',
    K6_WEB_DASHBOARD: 'false',
    K6_PROMETHEUS_RW_SERVER_URL: 'http://x',
    PATH: 'x',
  };
  assert.deepEqual(listIneffectiveVariables(env), []);
});
