import { describe, expect, test } from 'vitest';
import { describeFailure, UsageError } from '../../src/cli/failure.js';
import { PlatformError } from '../../src/runtime/errors.js';

describe('what the user is told', () => {
  test('a platform error is its sentence; 2 where the request was wrong, else 1', () => {
    const told = (id: ConstructorParameters<typeof PlatformError>[0]) =>
      describeFailure(new PlatformError(id, 'Sentence.'));
    expect(told('not_found')).toEqual({ id: 'not_found', message: 'Sentence.', exitStatus: 1 });
    expect(told('invalid_params').exitStatus).toBe(2);
    expect(told('bad_request').exitStatus).toBe(2);
    expect(told('conflict').exitStatus).toBe(1);
  });

  test('an error may name its exit status', () => {
    const error = new PlatformError('unavailable', 'x', { exitStatus: 127 });
    expect(describeFailure(error).exitStatus).toBe(127);
  });

  test('a usage error is 2', () => {
    expect(describeFailure(new UsageError('So not.'))).toMatchObject({
      id: 'usage',
      exitStatus: 2,
    });
  });

  test('anything else is a defect of ours, and said to be', () => {
    expect(describeFailure(new TypeError('x is not a function')).message).toBe(
      'x is not a function (a defect of paas: DEBUG=paas shows where).',
    );
    expect(describeFailure(undefined)).toMatchObject({ id: 'internal_error', exitStatus: 1 });
  });
});
