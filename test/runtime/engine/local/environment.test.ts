import { describe, expect, it } from 'vitest';
import { dynoEnvironment, shownCommand } from '../../../../src/runtime/engine/local/environment.js';

const plan = { id: 'dyno-id', name: 'web.1', config: {}, extra: {} };
const settings = { environment: {}, color: false, runId: 'run' };

describe('the environment of a dyno', () => {
  it('lays config over the shell, the run over both, and the platform over all', () => {
    const environment = dynoEnvironment(
      { ...settings, environment: { A: 'shell', B: 'shell', C: 'shell', GONE: undefined } },
      { ...plan, config: { B: 'config', C: 'config', PORT: '1', DYNO: 'x' }, extra: { C: 'run' } },
      5006,
    );
    expect(environment).toEqual({
      A: 'shell',
      B: 'config',
      C: 'run',
      PORT: '5006',
      DYNO: 'web.1',
      PS: 'web.1',
      FOREMAN_WORKER_NAME: 'web.1',
      PAAS_RUN: 'run',
      PAAS_DYNO: 'dyno-id',
      PYTHONUNBUFFERED: '1',
    });
  });

  it.each([
    [{}, '1'],
    [{ NO_COLOR: '1' }, undefined],
    [{ NO_COLOR: '' }, '1'],
    [{ FORCE_COLOR: '3' }, '3'],
    [{ FORCE_COLOR: '0' }, '0'],
  ])('asks for colours unless %o says otherwise', (config, forced) => {
    const environment = dynoEnvironment({ ...settings, color: true }, { ...plan, config }, 1);
    expect(environment['FORCE_COLOR']).toBe(forced);
  });

  it.each([
    ['serve -p $PORT', 'serve -p 5006'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own notation
    ['serve -p ${PORT}0', 'serve -p 50060'],
    ['echo $PORTAL $PORT_2', 'echo $PORTAL $PORT_2'],
    ['echo $SECRET', 'echo $SECRET'],
  ])('shows %s as %s', (command, shown) => {
    expect(shownCommand(command, 5006)).toBe(shown);
  });
});
