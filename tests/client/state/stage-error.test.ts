import { describe, expect, it } from 'vitest';
import { laneInError } from '../../../client/state/stage-error.ts';

const shipped = (name: 'l2' | 'diffusion' | 'flow') => ({ kind: 'shipped' as const, name });
const sources = {
  l2: shipped('l2'),
  diffusion: { kind: 'run' as const, id: 'diffusion-20260101-abcd' },
  flow: shipped('flow'),
};
const error = (message: string) => ({ code: 'not-found' as const, message });

describe('the lane in error', () => {
  it.each([
    ['no checkpoint of "l2" ships with this version; train one and name its run', 'l2'],
    ['/srv/app/policies/shipped/flow/policy.safetensors: damaged', 'flow'],
    ['run diffusion-20260101-abcd: expected a checkpoint, got none yet', 'diffusion'],
    ['run: expected none: train one first, got "diffusion-20260101-abcd"', 'diffusion'],
    ['action horizon: expected at most 32 (the shortest plan), got 64', null],
    ['stages: its process ended early (SIGKILL)', null],
  ] as const)('of %j is %s', (message, lane) => {
    expect(laneInError(error(message), sources, sources)).toBe(lane);
  });

  it('of several that are named is the one that is new on the stage', () => {
    const report = error(
      'expected policies of one controlHz, got 20 ("l2", "flow") and 50 (run diffusion-20260101-abcd)',
    );
    const shown = { ...sources, diffusion: shipped('diffusion') };
    expect(laneInError(report, sources, shown)).toBe('diffusion');
    expect(laneInError(report, sources, sources)).toBeNull();
    const flow = { kind: 'run' as const, id: 'flow-1' };
    expect(laneInError(report, sources, { ...shown, flow })).toBeNull();
  });
});
