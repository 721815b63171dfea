import { describe, expect, it } from 'vitest';
import { openFilesLimit, withinDescriptors } from '../../../src/runtime/router/descriptors.js';
import { HEROKU_LIMITS } from '../../../src/runtime/router/limits.js';

describe('the limit of connections', () => {
  it.each([
    ['is what it is where there are files enough', 1_048_576, 20_000],
    ['leaves a part of the files to the dynos and the platform', 400, 204],
    ['lets somebody in with hardly any files', 64, 8],
    ['is what it is where nothing is known', Number.POSITIVE_INFINITY, 20_000],
  ])('%s', (_name, files, connections) => {
    expect(withinDescriptors(HEROKU_LIMITS, files)).toEqual({ ...HEROKU_LIMITS, connections });
  });

  it('knows how many files may be open', () => {
    expect(openFilesLimit()).toBeGreaterThan(64);
  });
});
