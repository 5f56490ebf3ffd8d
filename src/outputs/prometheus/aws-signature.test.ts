import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signRequest } from './aws-signature.ts';

test('a signature has the form of version 4, and depends on path, body, time and key', () => {
  const credentials = {
    region: 'eu-west-1',
    accessKey: 'AKIDEXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  };
  const now = new Date('2015-08-30T12:36:00Z');
  const url = new URL('https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write');
  const body = Buffer.from('x');
  const headers = signRequest(url, body, credentials, now);
  assert.equal(headers['x-amz-date'], '20150830T123600Z');
  assert.match(
    headers['authorization']!,
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/eu-west-1\/aps\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=[\da-f]{64}$/,
  );
  const others = [
    signRequest(new URL('other', url), body, credentials, now),
    signRequest(url, Buffer.from('y'), credentials, now),
    signRequest(url, body, credentials, new Date('2015-08-30T12:36:01Z')),
    signRequest(url, body, { ...credentials, secretKey: 'other' }, now),
  ];
  const signatures = [headers, ...others].map(({ authorization }) => authorization!.slice(-64));
  assert.equal(new Set(signatures).size, 5);
});
