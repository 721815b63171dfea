import { describe, expect, test } from 'vitest';
import type { Addon } from '../../../src/runtime/model.js';
import {
  attachedOrigin,
  attachedVars,
  matchAttachments,
  newAttachmentName,
  ownVars,
} from '../../../src/runtime/platform/attachments.js';

const addon = (name: string, ...attachments: string[]): Addon => ({
  id: `id-of-${name}`,
  name,
  service: 'heroku-postgresql',
  plan: 'essential-0',
  config: { URL: `postgres://${name}` },
  settings: {},
  attachments: attachments.map((each) => ({ id: `id-of-${each}`, name: each, createdAt: 1 })),
  createdAt: 1,
});

const FIRST = addon('postgresql-a-1', 'DATABASE', 'REPORTS');
const SECOND = addon('postgresql-b-2', 'HEROKU_POSTGRESQL_AMBER');
const BOTH = [FIRST, SECOND];
const USUAL = { first: 'DATABASE', further: 'HEROKU_POSTGRESQL' };

describe('attachments', () => {
  test('make one config var for each name and each value', () => {
    expect(attachedVars(BOTH)).toEqual({
      DATABASE_URL: 'postgres://postgresql-a-1',
      REPORTS_URL: 'postgres://postgresql-a-1',
      HEROKU_POSTGRESQL_AMBER_URL: 'postgres://postgresql-b-2',
    });
    expect(attachedVars(undefined)).toEqual({});
  });

  test('tell where a config var has its value from', () => {
    expect(attachedOrigin(BOTH, 'REPORTS_URL')?.source).toBe('the add-on postgresql-a-1');
    expect(attachedOrigin(BOTH, 'OTHER_URL')).toBeUndefined();
  });

  test('are not among the config vars that a rollback brings back', () => {
    const config = { A: '1', DATABASE_URL: 'x' };
    expect(ownVars({ config, attached: ['DATABASE_URL'] })).toEqual({ A: '1' });
    expect(ownVars({ config })).toEqual(config);
  });

  test.each([
    ['DATABASE', ['DATABASE']],
    ['database_url', ['DATABASE']],
    ['id-of-REPORTS', ['REPORTS']],
    ['postgresql-a-1', ['DATABASE', 'REPORTS']],
    ['id-of-postgresql-b-2', ['HEROKU_POSTGRESQL_AMBER']],
    ['NOTHING', []],
  ])('are found by %s', (wanted, names) => {
    expect(matchAttachments(BOTH, wanted).map(({ attachment }) => attachment.name)).toEqual(names);
  });
});

describe('a new attachment', () => {
  test('has the usual name, then colours', () => {
    expect(newAttachmentName([], USUAL)).toBe('DATABASE');
    expect(newAttachmentName([FIRST], USUAL)).toBe('HEROKU_POSTGRESQL_AMBER');
    expect(newAttachmentName(BOTH, USUAL)).toBe('HEROKU_POSTGRESQL_AQUA');
  });

  test('has the name that was asked for, in capitals', () => {
    expect(newAttachmentName(BOTH, USUAL, 'billing_db')).toBe('BILLING_DB');
  });

  test.each(['1ST', 'A-B', '', 'reports', 'Ä'])('can’t be called "%s"', (name) => {
    expect(() => newAttachmentName(BOTH, USUAL, name)).toThrow();
  });
});
