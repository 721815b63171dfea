import { describe, expect, test } from 'vitest';
import {
  changedSettings,
  configurationOf,
  settingsOf,
} from '../../../../src/runtime/addons/redis/settings.js';

const PLACE = { port: 20_001, password: 'p00', folder: '/data folder/1' };
const NOW = { maxmemoryPolicy: 'noeviction', timeout: 300, major: 7 };

describe('the settings of a Redis', () => {
  test('are those of Heroku where none were chosen', () => {
    expect(settingsOf({ settings: {} })).toEqual({ ...NOW, major: 0 });
  });

  test('limit memory and connections by the plan', () => {
    const text = configurationOf('premium-0', NOW, PLACE);
    expect(text).toContain('maxmemory 50mb\n');
    expect(text).toContain('maxclients 45\n');
    expect(text).toContain('requirepass p00\n');
    expect(text).toContain('dir "/data folder/1"\n');
    expect(text).toContain('bind 127.0.0.1\n');
  });

  test('change one at a time', () => {
    expect(changedSettings(NOW, { timeout: 0 })).toEqual({ ...NOW, timeout: 0 });
    expect(changedSettings(NOW, { maxmemoryPolicy: 'volatile-ttl' }).maxmemoryPolicy).toBe(
      'volatile-ttl',
    );
  });

  test.each([{ timeout: -1 }, { timeout: 1.5 }, { timeout: '5' }, { maxmemoryPolicy: 'some' }])(
    'refuse %j',
    (input) => {
      expect(() => changedSettings(NOW, input)).toThrow();
    },
  );
});
