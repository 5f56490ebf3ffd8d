// Signature Version 4 for Amazon Managed Service for Prometheus (docs.aws.amazon.com, "Create a signed AWS API request").
import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

const SERVICE = 'aps';
const ALGORITHM = 'AWS4-HMAC-SHA256';

function hash(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function mac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** As the signature wants it: every character but the unreserved ones, `/` kept. */
function encodePath(pathname: string): string {
  return pathname
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');
}

/** @param service another than that of Prometheus @returns the headers that sign a POST without query */
export function signRequest(
  url: URL,
  body: Uint8Array,
  { region, accessKey, secretKey }: AwsCredentials,
  now: Date,
  service: string = SERVICE,
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const content = hash(body);
  const signed = 'host;x-amz-content-sha256;x-amz-date';
  const request = [
    'POST',
    encodePath(url.pathname),
    '',
    `host:${url.host}`,
    `x-amz-content-sha256:${content}`,
    `x-amz-date:${time}`,
    '',
    signed,
    content,
  ].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(mac, `AWS4${secretKey}`) as Buffer;
  const signature = mac(key, [ALGORITHM, time, scope, hash(request)].join('\n')).toString('hex');
  return {
    'x-amz-date': time,
    'x-amz-content-sha256': content,
    authorization: `${ALGORITHM} Credential=${accessKey}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}
