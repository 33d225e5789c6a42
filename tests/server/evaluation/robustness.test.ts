import { describe, expect, it } from 'vitest';
import { NO_MOTION, NO_SQUARES } from '../../../server/acting/motion.ts';
import type { GridResult } from '../../../server/evaluation/evaluate.ts';
import {
  concludeRobustness,
  planRobustness,
  type RobustnessRequest,
} from '../../../server/evaluation/robustness.ts';
import { compareRequestSchema } from '../../../server/protocol/index.ts';
import type { Perturbation } from '../../../sim/index.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

const workspace = await temporaryWorkspace();

function requestFor(
  names: readonly string[],
  perturbations: readonly Perturbation[],
): RobustnessRequest {
  const policies = names.map((name) => ({ policy: { kind: 'shipped', name } }));
  const request = { policies, rollouts: 20, starts: 10, seed: 6 };
  return { ...compareRequestSchema.parse(request), perturbations };
}

describe('a plan of perturbations', () => {
  it('has every policy without and with each of them, on the same grid', async () => {
    const request = requestFor(['l2', 'flow'], [{ mass: 2 }, { push: 0.01 }]);
    const { inputs, cells } = await planRobustness(workspace, request);
    expect(cells).toHaveLength(20);
    expect(inputs.map(({ source, perturbation }) => [source, perturbation])).toEqual(
      ['l2', 'flow'].flatMap((name) =>
        [undefined, { mass: 2 }, { push: 0.01 }].map((each) => [{ kind: 'shipped', name }, each]),
      ),
    );
    expect(inputs[0]).not.toHaveProperty('perturbation');
  });

  it('takes a camera from policies alone that look through one', async () => {
    const perturbations = [{ 'camera-shift': 0.02, light: 0.5 }];
    await expect(
      planRobustness(workspace, requestFor(['seeing-flow'], perturbations)),
    ).resolves.toMatchObject({ inputs: { length: 2 } });
    await expect(
      planRobustness(workspace, requestFor(['reading-flow'], perturbations)),
    ).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('expected a policy that looks at pictures'),
    });
  });
});

it('a conclusion holds each perturbation against the control of its policy', async () => {
  const request = requestFor(['l2', 'flow'], [{ mass: 2 }, { 'sensor-noise': 0.01 }]);
  const plan = await planRobustness(workspace, request);
  const result = (cell: (typeof plan.cells)[number], success: boolean): GridResult => ({
    ...cell,
    ...{ success, contact: !success, mode: 'right', lifted: null, steps: 90, firstPlan: null },
    ...{ plans: [], switched: false, seam: NO_SQUARES, motion: NO_MOTION, replayHash: '' },
  });
  // Of flow: all succeed; none with twice the mass; but those of two starts with noise.
  const rule = [() => false, () => false, () => false, () => true, () => false];
  const results = [...rule, (start: number) => start > 1].map((succeeds) =>
    plan.cells.map((cell) => result(cell, succeeds(cell.start))),
  );
  const measured = { results, engine: 'made up', batch: 25, seconds: 1 };
  const { results: rows, ...report } = concludeRobustness(plan, measured);
  expect(report).toMatchObject({ task: 'left-right', rollouts: 20, starts: 10, seed: 6 });
  expect(rows.map(({ name, perturbation }) => [name, perturbation])).toEqual(
    ['l2', 'flow'].flatMap((name) =>
      [null, 'mass=2', 'sensor-noise=0.01'].map((perturbation) => [name, perturbation]),
    ),
  );
  const against = rows.map(({ againstControl }) => againstControl);
  expect([against[0], against[3]]).toEqual([null, null]);
  expect(against[1]).toMatchObject({ difference: 0, p: 1, judged: { verdict: 'open' } });
  // Ten starts that all lose: 2⁻⁹ by a coin each.
  expect(against[4]).toMatchObject({ difference: -1, gained: 0, lost: 20, p: 2 ** -9 });
  expect(against[4]?.judged.verdict).toBe('worse');
  expect(against[5]).toMatchObject({ difference: -0.2, gained: 0, lost: 4, p: 0.5 });
  expect(against[5]?.judged.verdict).toBe('open');
  // All rollouts of a start are one where nothing is drawn.
  expect(rows[1].success.ci95[1]).toBeGreaterThan(rows[2].success.ci95[1]);
});
