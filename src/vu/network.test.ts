import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { INIT_OPTIONS, type Options } from '../options/options.ts';
import { Network } from './network.ts';

const HTTP = ['h2', 'http/1.1'] as const;
const GRPC = ['h2'] as const;
const networkOf = (options: Partial<Options>): Network => new Network({ ...INIT_OPTIONS, ...options });
const auth = (cert: string, ...domains: string[]) => ({ cert, key: `key of ${cert}`, password: null, domains });

describe('TLS', () => {
  test('is spoken as the options say, whoever asks', () => {
    const network = networkOf({
      insecureSkipTLSVerify: true,
      tlsVersion: { min: 'TLSv1.2', max: 'TLSv1.3' },
      tlsCipherSuites: ['TLS_RSA_WITH_AES_128_GCM_SHA256'],
    });
    const expected = {
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ciphers: ['TLS_RSA_WITH_AES_128_GCM_SHA256'],
    };
    assert.deepEqual(network.tlsFor('a.test', HTTP), { ...expected, alpn: HTTP });
    assert.deepEqual(network.tlsFor('a.test', GRPC), { ...expected, alpn: GRPC });
    assert.deepEqual(network.tlsWithoutCertificate(GRPC), { ...expected, alpn: GRPC });
  });

  test('is one object for a host and a list of protocols, so that a pool can compare it', () => {
    const network = networkOf({});
    assert.equal(network.tlsFor('a.test', HTTP), network.tlsFor('a.test', HTTP));
    assert.notEqual(network.tlsFor('a.test', HTTP), network.tlsFor('a.test', GRPC));
  });

  test('shows the certificate of the host: by its name in whatever case, below a wildcard, else the one for all', () => {
    const network = networkOf({ tlsAuth: [auth('all'), auth('shop', 'Shop.test'), auth('wild', '*.Api.test')] });
    const shown = (host: string) => network.tlsFor(host, HTTP).cert;
    assert.deepEqual(['shop.test', 'SHOP.TEST', 'a.api.test', 'a.B.API.test', 'api.test', 'workshop.test'].map(shown), [
      'shop',
      'shop',
      'wild',
      'wild',
      'all',
      'all',
    ]);
    assert.equal(network.tlsFor('shop.test', HTTP).key, 'key of shop');
    assert.equal('cert' in network.tlsWithoutCertificate(HTTP), false);
    assert.equal('cert' in networkOf({ tlsAuth: [auth('x', 'x.test')] }).tlsFor('y.test', HTTP), false);
  });

  test('decrypts a key by its password', () => {
    const network = networkOf({ tlsAuth: [{ ...auth('all'), password: 'open' }] });
    assert.equal(network.tlsFor('a.test', HTTP).password, 'open');
  });
});

test('local addresses go round by the number of a virtual user on this machine', () => {
  const network = networkOf({ localIPs: ['10.0.0.1', '10.0.0.2'] });
  const addresses = [1, 2, 3].map((idInInstance) =>
    network.dialer.localAddress(network.localAddressOf({ idInInstance })),
  );
  assert.deepEqual(addresses, ['10.0.0.1', '10.0.0.2', '10.0.0.1']);
  // That of setup and teardown.
  assert.equal(network.localAddressOf({ idInInstance: 0 }), 0);
  assert.equal(networkOf({}).localAddressOf({ idInInstance: 3 }), undefined);
});

test('a proxy is one object for all that goes through it; TLS to it is spoken as the options say', () => {
  const proxies = { all: null, http: 'proxy:3128', https: 'https://secure.test', noProxy: 'direct.test' };
  const network = networkOf({ proxies, insecureSkipTLSVerify: true });
  const plain = network.proxyFor('http', 'a.test', 80);
  assert.deepEqual([plain?.shown, plain?.tls], ['http://proxy:3128', null]);
  assert.equal(network.proxyFor('http', 'b.test', 8080), plain);
  const secure = network.proxyFor('https', 'a.test', 443);
  assert.deepEqual(secure?.tls, { alpn: ['http/1.1'], rejectUnauthorized: false });
  assert.equal(network.proxyFor('https', 'direct.test', 443), null);
});

test('options that cannot be read are refused at once', () => {
  assert.throws(() => networkOf({ proxies: { all: 'ftp://x', http: '', https: '', noProxy: '' } }), /proxy/);
  assert.throws(() => networkOf({ hosts: { 'a.test': 'nowhere' } }), /nowhere/);
});
