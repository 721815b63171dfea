import { describe, expect, it } from 'vitest';
import { keyOf, originOf, resolve, typedUri, uriOf } from '../../../src/runtime/cache/key.js';
import { request } from './values.js';

const uri = (more: Parameters<typeof request>[1]) => uriOf(request({}, more));

describe('the key of a request', () => {
  it.each([
    [{ host: 'SHOP.Localhost' }, 'http://shop.localhost/'],
    [{ host: 'shop.localhost:80' }, 'http://shop.localhost/'],
    [{ host: 'shop.localhost:5006' }, 'http://shop.localhost:5006/'],
    [{ scheme: 'https' as const, host: 'shop.localhost:443' }, 'https://shop.localhost/'],
    [{ path: '/a?b=1' }, 'http://shop.localhost/a?b=1'],
    [{ path: '?b=1' }, 'http://shop.localhost/?b=1'],
  ])('normalises %j', (more, expected) => {
    expect(uri(more)).toBe(expected);
  });

  it.each([
    [{ path: '/a' }, { path: '/A' }],
    [{ path: '/a' }, { path: '/%61' }],
    [{ path: '/%2f' }, { path: '/%2F' }],
    [{ path: '/a' }, { path: '/a/' }],
    [{ path: '/a' }, { path: '/a?' }],
    [{ path: '/a/../b' }, { path: '/b' }],
    [{ path: '//a' }, { path: '/a' }],
    [{ path: '/?a=1&b=2' }, { path: '/?b=2&a=1' }],
    [{ scheme: 'http' as const }, { scheme: 'https' as const }],
    [{ host: 'a.localhost' }, { host: 'b.localhost' }],
  ])('keeps %j and %j apart', (one, other) => {
    expect(uri(one)).not.toBe(uri(other));
  });

  it('keeps apps apart', () => {
    expect(keyOf('one', 'http://a/')).not.toBe(keyOf('two', 'http://a/'));
  });

  it.each([
    ['HTTP://Shop.localhost:80', 'http://shop.localhost/'],
    ['http://shop.localhost/a/../%61|b?c#d', 'http://shop.localhost/a/../%61|b?c'],
    ['http://shop.localhost?c', 'http://shop.localhost/?c'],
    ['ftp://shop.localhost/', undefined],
    ['shop.localhost', undefined],
  ])('reads %s as somebody types it', (text, expected) => {
    expect(typedUri(text)).toBe(expected);
  });

  it('resolves what a response points to', () => {
    expect(resolve('b?c', 'http://shop.localhost/a/')).toBe('http://shop.localhost/a/b?c');
    expect(resolve('http://SHOP.localhost:80/x#y', 'http://a/')).toBe('http://shop.localhost/x');
    expect(resolve('mailto:a@b', 'http://a/')).toBeUndefined();
    expect(resolve('http://[', 'http://a/')).toBeUndefined();
  });

  it('knows the origin of a URI', () => {
    expect(originOf('http://shop.localhost:5006/a/b')).toBe('http://shop.localhost:5006');
  });
});
