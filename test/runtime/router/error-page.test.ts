import { describe, expect, it } from 'vitest';
import { GET, open, startRouter } from './support.js';

describe('the page of a fault', () => {
  it.each([
    ['application/json', /"code":"H14"/],
    ['text/plain', /^No|H14/],
    ['text/html,application/xhtml+xml', /<!DOCTYPE html>/],
  ])('comes as %s when that is asked for', async (accept, expected) => {
    const running = await startRouter([]);
    const client = await open(
      running.port,
      GET.replace('\r\n\r\n', `\r\nAccept: ${accept}\r\n\r\n`),
    );
    const text = await client.receives('H14');
    expect(text).toContain(`Content-Type: ${accept.split(',')[0]}`);
    expect(text).toMatch(expected);
  });

  it('comes as the client would rather have it', async () => {
    const running = await startRouter([]);
    const accept = 'text/html;q=0.5, application/vnd.api+json, */*;q=0.1';
    const client = await open(
      running.port,
      GET.replace('\r\n\r\n', `\r\nAccept: ${accept}\r\n\r\n`),
    );
    expect(await client.receives('H14')).toContain('Content-Type: application/json');
  });

  it('has no body for HEAD', async () => {
    const running = await startRouter([]);
    const client = await open(
      running.port,
      GET.replace('GET', 'HEAD').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
    );
    expect(await client.ends()).toMatch(/\r\n\r\n$/);
  });

  it('for an unknown host lists the apps that run here', async () => {
    const running = await startRouter([]);
    running.router.setNeighbours(() => [{ name: 'blog', hosts: [], port: 1 }]);
    const client = await open(running.port, GET.replace('shop', 'nope'));
    const text = await client.receives('</html>');
    expect(text).toMatch(/^HTTP\/1\.1 404 Not Found/);
    expect(text).toContain(`<a href="http://shop.localhost:${running.port}/">shop</a>`);
    expect(text).toContain('>blog</a>');
    expect(running.lines).toEqual([]);
  });
});
