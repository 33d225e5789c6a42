import { describe, expect, it } from 'vitest';
import { listOf, parseLane, wholeNumber } from '../../scripts/options.ts';

describe('an entry of --policies', () => {
  const flow = { kind: 'shipped', name: 'flow' };

  it('that names no sampler is drawn as the options say', () => {
    expect(parseLane('flow', {})).toEqual({ policy: flow });
    expect(parseLane(' flow ', { sampler: 'heun', nfe: 5 })).toEqual({
      policy: flow,
      sampler: 'heun',
      nfe: 5,
    });
  });

  it('that names one takes only η from them, and only for ddim', () => {
    const options = { sampler: 'euler', nfe: 9, eta: 0.5 };
    expect(parseLane('flow:one-step', options)).toEqual({ policy: flow, sampler: 'one-step' });
    expect(parseLane('diffusion:ddim:4', options)).toEqual({
      policy: { kind: 'shipped', name: 'diffusion' },
      sampler: 'ddim',
      nfe: 4,
      eta: 0.5,
    });
    expect(parseLane('diffusion:dpm-solver++:4', options)).not.toHaveProperty('eta');
  });

  it('may be a run', () => {
    expect(parseLane('flow-20260101-000000-abcd:euler:1', {})).toEqual({
      policy: { kind: 'run', id: 'flow-20260101-000000-abcd' },
      sampler: 'euler',
      nfe: 1,
    });
  });

  it.each(['flow:', 'flow::4', 'flow:euler:', 'flow:euler:x', 'flow:euler:4:4', ':euler', ''])(
    '%j is refused',
    (entry) => {
      expect(() => parseLane(entry, {})).toThrow(
        expect.objectContaining({ code: 'invalid-request' }),
      );
    },
  );
});

describe('a list', () => {
  it('is read value by value', () => {
    const parse = listOf(wholeNumber(1, 32));
    expect(parse('4,8, 16')).toEqual([4, 8, 16]);
    expect(() => parse('4,64')).toThrow('from 1 to 32, got "64"');
  });
});
