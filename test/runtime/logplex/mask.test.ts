import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Logplex } from '../../../src/runtime/logplex/logplex.js';
import { createMask, masked, secretsIn } from '../../../src/runtime/logplex/mask.js';

const config = {
  PORT: '5000',
  NODE_ENV: 'production',
  SECRET_KEY_BASE: 'a1b2c3d4e5',
  STRIPE: 'sk_live_0123456789',
  DATABASE_URL: 'postgres://shop:p%40ss-word@localhost:5432/shop',
  MONKEY: 'a monkey is no key',
  API_TOKEN: 'yes',
  REPORTS_URL: 'postgres://postgres:postgres@localhost/shop',
  MULTI_TOKEN: 'a1b2c3d4e5-longer',
};

describe('secrets', () => {
  it('are values whose name, form or URL says so, long enough to be ones', () => {
    expect(secretsIn(config)).toEqual([
      'sk_live_0123456789',
      'a1b2c3d4e5-longer',
      'p%40ss-word',
      'a1b2c3d4e5',
      'p@ss-word',
    ]);
  });

  it('over several lines are hidden line by line, in JSON and in URLs as they stand there', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0\n-----END PRIVATE KEY-----';
    const mask = createMask(secretsIn({ TLS_KEY: key, API_TOKEN: 'say "friend" & enter' }));
    expect(mask(key)).toBe(
      '-----BEGIN PRIVATE KEY-----\n[masked]\n[masked]\n-----END PRIVATE KEY-----',
    );
    expect(mask(JSON.stringify({ token: 'say "friend" & enter' }))).toBe('{"token":"[masked]"}');
    expect(mask('?token=say%20%22friend%22%20%26%20enter')).toBe('?token=[masked]');
  });

  it('stay hidden when they are changed: a dyno may have the old ones still', async () => {
    const logplex = new Logplex();
    logplex.setMask('a', { API_TOKEN: 'first-token' }, 'all');
    logplex.setMask('a', { API_TOKEN: 'second-token' }, 'all');
    const text = 'first-token second-token';
    logplex.publish({ app: 'a', time: 0, source: 'app', process: 'web.1', text });
    expect((await logplex.recent('a', {}, 1))[0]?.text).toBe('[masked] [masked]');
    await logplex.close();
  });

  it('are hidden wherever they stand', () => {
    const mask = createMask(secretsIn(config));
    expect(mask('run --key=a1b2c3d4e5 --longer a1b2c3d4e5-longer')).toBe(
      'run --key=[masked] --longer [masked]',
    );
    expect(mask('psql postgres://shop:p%40ss-word@localhost/shop')).toBe(
      'psql postgres://shop:[masked]@localhost/shop',
    );
    expect(mask('node pay.js --key sk_test_4eC39HqLyjWDarjtT1 # sk_live_ is short')).toBe(
      'node pay.js --key [masked] # sk_live_ is short',
    );
    expect(mask('redis://:other-app@10.0.0.1, mail to me@example.com at 10:30')).toBe(
      'redis://:[masked]@10.0.0.1, mail to me@example.com at 10:30',
    );
  });

  it('of any kind of text never appear', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6 }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          fc.pre(!secret.includes('\n') && !'[masked]'.includes(secret));
          const text = createMask(secretsIn({ MY_SECRET: secret }))(before + secret + after);
          expect(text).toContain('[masked]');
        },
      ),
    );
  });

  it('are looked for in time by the length of a line, one long word too', () => {
    const word = 'a'.repeat(400_000);
    expect(createMask([])(`${word}://shop:word@host`)).toBe(`${word}://shop:[masked]@host`);
  });

  it('are hidden in platform lines only, unless all are asked for', () => {
    const mask = createMask(secretsIn(config));
    const line = (source: string, process: string) => ({
      app: 'a',
      time: 0,
      source,
      process,
      text: 'a1b2c3d4e5',
    });
    expect(masked(line('heroku', 'web.1'), mask, 'platform').text).toBe('[masked]');
    expect(masked(line('app', 'api'), mask, 'platform').text).toBe('[masked]');
    expect(masked(line('app', 'web.1'), mask, 'platform').text).toBe('a1b2c3d4e5');
    expect(masked(line('app', 'web.1'), mask, 'all').text).toBe('[masked]');
    expect(masked(line('heroku', 'web.1'), mask, 'none').text).toBe('a1b2c3d4e5');
  });
});
