/** A real browser in front of a real app: TLS, HTTP/2, cookies, and Vite's hot updates. */
import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHROMIUM, openInChromium } from '../support/chromium.js';
import { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

const PAGE = `<!doctype html><script type="module">
const [entry] = performance.getEntriesByType('navigation');
const seen = await (await fetch('/seen')).text();
await fetch('/report', { method: 'POST', body: JSON.stringify({ seen, protocol: entry.nextHopProtocol }) });
</script>`;

const SERVER = `
require('http').createServer((request, response) => {
  if (request.url === '/') {
    response.setHeader('Set-Cookie', ['one=1', 'two=2; Secure', 'three=3; HttpOnly']);
    response.setHeader('Content-Type', 'text/html');
    response.end(${JSON.stringify(PAGE)});
  } else if (request.url === '/seen') {
    response.end(request.headers.cookie + ' ' + request.headers['x-forwarded-proto']);
  } else {
    request.on('data', (bytes) => console.log('REPORT ' + bytes)).on('end', () => response.end());
  }
}).listen(process.env.PORT);
`;

/** Chromium takes certificates that the key with this hash signed. */
function keyHash(certificateFile: string): string {
  const { publicKey } = new X509Certificate(readFileSync(certificateFile));
  const bytes = publicKey.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(bytes).digest('base64');
}

describe.skipIf(CHROMIUM === undefined)('Chromium', () => {
  test('speaks HTTP/2 to an app with --https, and sends each cookie back', async () => {
    const desk = Desk.with({ Procfile: 'web: node server.js\n', 'server.js': SERVER });
    desk.environment['XDG_DATA_HOME'] = join(desk.folder, 'data');
    const { running } = await desk.start('--https');
    const [url] = await running.says(/https:\/\/\S+/);
    const hash = keyHash(join(desk.folder, 'data', 'paas', 'root.crt'));
    openInChromium(url, `--ignore-certificate-errors-spki-list=${hash}`);
    const [, report = ''] = await running.says(/REPORT (.*)/);
    expect(JSON.parse(report)).toEqual({ seen: 'one=1; two=2; three=3 https', protocol: 'h2' });
    await running.says(
      /method=POST path="\/report" .* protocol=http2\.0 tls=true tls_version=tls1\.3/,
    );
  });

  test('gets Vite’s hot updates through the router', async () => {
    const vite = resolve(import.meta.dirname, '../../node_modules/vite/bin/vite.js');
    const desk = Desk.with({
      Procfile: `web: node ${vite} --port $PORT --strictPort --host 127.0.0.1\n`,
      'index.html': '<!doctype html><script type="module" src="/main.js"></script>',
      'main.js': `import { text } from './text.js';
        fetch('/report?loaded=' + text);
        import.meta.hot.accept('./text.js', (next) => fetch('/report?updated=' + next.text));`,
      'text.js': `export const text = 'first';\n`,
    });
    mkdirSync(join(desk.folder, 'node_modules')); // where Vite keeps what it has optimised
    const { running } = await desk.start();
    const [url] = await running.says(/http:\/\/\S+/);
    openInChromium(url);
    await running.says(/path="\/report\?loaded=first"/);
    const busy = () => desk.json<{ websockets: number }[]>('ps');
    await until(async () => (await busy()).some(({ websockets }) => websockets === 1));
    writeFileSync(join(desk.folder, 'text.js'), `export const text = 'second';\n`);
    await running.says(/path="\/report\?updated=second"/);
    expect(running.stdout.match(/\?loaded=/g)).toHaveLength(1);
  });
});
