// aws4fetch: requests of fetch() that are signed for services of AWS.
// try: --iterations 2
import { AwsClient } from 'aws4fetch';
import { check } from 'k6';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const aws = new AwsClient({
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  region: 'us-east-1',
  service: 's3',
});

export const options = { vus: 1, iterations: 10 };

export default async function () {
  const response = await aws.fetch(`${shop}/echo`, { method: 'POST', body: 'an object' });
  const text = await response.text();
  check(text, {
    'it was signed': (t) => /AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/s3\/aws4_request/.test(t),
    'and sent whole': (t) => t.includes('an object'),
  });
}
