import { describe, expect, it } from 'vitest';
import { type LifecycleEvent, step } from '../../../../src/runtime/engine/local/lifecycle.js';
import type { DynoKind, Phase, StopReason } from '../../../../src/runtime/engine/local/phase.js';

/** What is written and done from `starting` on, and the last phase. */
function live(events: LifecycleEvent[], kind: DynoKind = 'formation') {
  let phase: Phase = { name: 'starting' };
  const told: string[] = [];
  for (const event of events) {
    const next = step(phase, event, kind);
    if (!next) continue;
    phase = next.phase;
    told.push(...next.lines, ...(next.act ? [`(${next.act})`] : []));
  }
  return { told, phase };
}

const ready = { kind: 'ready' } as const;
const gone = { kind: 'gone' } as const;
const exit = (status: number) => ({ kind: 'exit', status }) as const;
const stop = (why: StopReason) => ({ kind: 'stop', why }) as const;

describe("a dyno's life in Heroku's words", () => {
  it('scale down', () => {
    const { told, phase } = live([ready, stop('stop'), exit(143), gone]);
    expect(told).toEqual([
      'State changed from starting to up',
      'Stopping all processes with SIGTERM',
      '(terminate)',
      'Process exited with status 143',
      '(terminate)',
      'State changed from up to down',
    ]);
    expect(phase).toEqual({ name: 'down', reason: 'exit', exitStatus: 143 });
  });

  it.each([
    ['restart', 'Restarting'],
    ['cycle', 'Cycling'],
  ] as const)('%s', (why, word) => {
    expect(live([ready, stop(why), exit(143), gone]).told).toEqual([
      'State changed from starting to up',
      word,
      'State changed from up to starting',
      'Stopping all processes with SIGTERM',
      '(terminate)',
      'Process exited with status 143',
      '(terminate)',
    ]);
  });

  it('crash, with status 0 too', () => {
    const { told, phase } = live([ready, exit(0), gone]);
    expect(told).toEqual([
      'State changed from starting to up',
      'Process exited with status 0',
      'State changed from up to crashed',
      '(clear up)',
    ]);
    expect(phase).toEqual({ name: 'crashed', reason: 'exit', exitStatus: 0 });
  });

  it('boot timeout', () => {
    const { told, phase } = live([{ kind: 'boot-timeout', seconds: 60 }, exit(137), gone]);
    expect(told).toEqual([
      'Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch',
      'Stopping process with SIGKILL',
      '(kill)',
      'Process exited with status 137',
      'State changed from starting to crashed',
    ]);
    expect(phase).toEqual({ name: 'crashed', reason: 'R10', exitStatus: 137 });
  });

  it('exit timeout, with the seconds that it really had and who is to blame', () => {
    const late = { kind: 'grace-over', seconds: 5, holders: ['12 sleep 9'] } as const;
    const { told, phase } = live([ready, stop('stop'), late, exit(137), gone]);
    expect(told.slice(3)).toEqual([
      'Error R12 (Exit timeout) -> At least one process failed to exit within 5 seconds of SIGTERM',
      'Still running: 12 sleep 9',
      'Stopping remaining processes with SIGKILL',
      '(kill)',
      'Process exited with status 137',
      '(terminate)',
      'State changed from up to down',
    ]);
    expect(phase).toEqual({ name: 'down', reason: 'R12', exitStatus: 137 });
  });

  it('preboot: it drains before SIGTERM', () => {
    expect(live([ready, stop('replaced'), { kind: 'drained' }, exit(143), gone]).told).toEqual([
      'State changed from starting to up',
      '(drain)',
      'Stopping all processes with SIGTERM',
      '(terminate)',
      'Process exited with status 143',
      '(terminate)',
    ]);
  });

  it('dismissed: it drains before SIGTERM, and its end is told', () => {
    expect(live([ready, stop('dismissed'), { kind: 'drained' }, exit(143), gone]).told).toEqual([
      'State changed from starting to up',
      '(drain)',
      'Stopping all processes with SIGTERM',
      '(terminate)',
      'Process exited with status 143',
      '(terminate)',
      'State changed from up to down',
    ]);
  });

  it('a stop ends the draining', () => {
    const { told } = live([
      ready,
      stop('replaced'),
      stop('stop'),
      { kind: 'drained' },
      exit(143),
      gone,
    ]);
    expect(told.slice(1)).toEqual([
      '(drain)',
      'Stopping all processes with SIGTERM',
      '(terminate)',
      'Process exited with status 143',
      '(terminate)',
      'State changed from up to down',
    ]);
  });

  it('one-off', () => {
    const { told, phase } = live([ready, exit(3), gone], 'one-off');
    expect(told).toEqual([
      'State changed from starting to up',
      'Process exited with status 3',
      '(terminate)',
      'State changed from up to complete',
    ]);
    expect(phase).toEqual({ name: 'down', reason: 'exit', exitStatus: 3 });
  });

  it('restart and stop of a crashed dyno', () => {
    expect(live([exit(1), stop('restart')]).told.slice(3)).toEqual([
      'Restarting',
      'State changed from crashed to starting',
    ]);
    expect(live([exit(1), stop('stop')]).told.slice(3)).toEqual([
      'State changed from crashed to down',
    ]);
  });

  it.each([
    [127, 'The command was not found'],
    [126, 'cannot be executed'],
  ])('status %i comes with its mend', (status, sentence) => {
    expect(live([exit(status)]).told.join('\n')).toContain(sentence);
  });

  it('goes only forward: whatever comes after the end changes nothing', () => {
    const events: LifecycleEvent[] = [ready, stop('stop'), exit(1), gone, { kind: 'drained' }];
    const { phase } = live([ready, stop('stop'), exit(143), gone, ...events]);
    expect(phase).toEqual({ name: 'down', reason: 'exit', exitStatus: 143 });
  });
});
