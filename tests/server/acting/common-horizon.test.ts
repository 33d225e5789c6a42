import { describe, expect, it } from 'vitest';
import type { PolicySpec } from '../../../policies/config/index.ts';
import { commonHorizon } from '../../../server/acting/common-horizon.ts';
import { SCRIPTED_SPEC } from '../../support/scripted-policy.ts';

const spec = (changes: Partial<PolicySpec> = {}): PolicySpec => ({ ...SCRIPTED_SPEC, ...changes });

describe('the action horizon of policies side by side', () => {
  it('executes at least 0.8 s of each plan where none is asked for', () => {
    for (const controlHz of [20, 50] as const) {
      const horizon = commonHorizon([spec({ controlHz, predHorizon: 100 })], undefined);
      expect(horizon).toBeGreaterThanOrEqual(0.8 * controlHz);
      expect(horizon).toBeLessThan(100);
    }
  });

  it('is at most the shortest plan', () => {
    expect(commonHorizon([spec(), spec({ predHorizon: 8 })], undefined)).toBe(8);
    expect(commonHorizon([spec(), spec({ predHorizon: 8 })], 8)).toBe(8);
    expect(() => commonHorizon([spec(), spec({ predHorizon: 8 })], 9)).toThrow(
      /expected 1 to 8 .* got 9/,
    );
  });

  it.each([0, -1, 33, Number.NaN])('of %d is refused for plans of 32', (wanted) => {
    expect(() => commonHorizon([spec()], wanted)).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  });

  it('does not exist for policies of different tasks or rates', () => {
    expect(() =>
      commonHorizon([spec(), spec({ task: 'other' }), spec()], undefined, [
        '"l2"',
        'run a',
        '"flow"',
      ]),
    ).toThrow('expected policies of one task, got left-right ("l2", "flow") and other (run a)');
    expect(() => commonHorizon([spec(), spec({ controlHz: 50 })], 8, ['"l2"', 'run a'])).toThrow(
      'expected policies of one controlHz, got 20 ("l2") and 50 (run a)',
    );
  });

  it('says whose plan is too short for the one that is wanted', () => {
    expect(() => commonHorizon([spec(), spec({ predHorizon: 8 })], 9, ['"l2"', 'run a'])).toThrow(
      'got 9; shorten it, or leave out run a',
    );
  });
});
