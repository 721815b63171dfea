import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlatformError } from '../../../src/runtime/errors.js';
import { parseAppJson } from '../../../src/runtime/platform/app-json.js';

const parse = (json: unknown) => parseAppJson(JSON.stringify(json), 'app.json');

describe('app.json', () => {
  test('gives formation, env, add-ons, name and the path that tells readiness', () => {
    expect(
      parse({
        name: 'shop',
        formation: { web: { quantity: 2, size: 'Standard-2X' }, worker: {} },
        env: {
          PLAIN: 'x',
          FULL: { description: 'd', value: 'y' },
          SECRET: { generator: 'secret' },
          OPTIONAL: { required: false },
          NEEDED: { description: 'must be given' },
        },
        addons: [
          'heroku-postgresql:essential-0',
          { plan: 'heroku-redis:mini', as: 'CACHE', options: { version: 7 } },
        ],
        healthchecks: { web: [{ type: 'startup', path: '/health' }] },
      }),
    ).toEqual({
      name: 'shop',
      formation: {
        web: { quantity: 2, size: 'Standard-2X' },
        worker: { quantity: 1, size: 'Standard-1X' },
      },
      env: { PLAIN: 'x', FULL: 'y' },
      required: ['NEEDED'],
      addonProviders: [],
      addons: [
        { plan: 'heroku-postgresql:essential-0' },
        { plan: 'heroku-redis:mini', as: 'CACHE', version: '7' },
      ],
      readinessPath: '/health',
    });
  });

  test.each<[what: string, text: string, sentence: RegExp]>([
    ['no JSON', '{', /^app\.json: it is not JSON: .*Mend it or remove the file\.$/s],
    ['no object', '[]', /^app\.json: it must be a JSON object/],
    ['a formation that is none', '{"formation": 3}', /^app\.json: "formation" must be an object/],
    [
      'a bad quantity',
      '{"formation": {"web": {"quantity": -1}}}',
      /^app\.json: formation\.web needs a whole/,
    ],
  ])('%s is refused with the file', (_, text, sentence) => {
    expect(() => parseAppJson(text, 'app.json')).toThrow(sentence);
  });

  test('any JSON is read or refused with a sentence', () => {
    const keys = fc.constantFrom('formation', 'env', 'addons', 'healthchecks', 'name');
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), (json) => {
        try {
          parse(json);
        } catch (error) {
          expect(error).toBeInstanceOf(PlatformError);
        }
      }),
    );
  });
});
