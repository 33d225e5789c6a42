import { describe, expect, it } from 'vitest';
import { NO_SQUARES } from '../../../server/acting/motion.ts';
import type { RolloutResult } from '../../../server/acting/rollout.ts';
import {
  concludeDelays,
  type DelayRequest,
  planDelays,
} from '../../../server/evaluation/delays.ts';
import { compareRequestSchema } from '../../../server/protocol/index.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

function requestFor(
  names: readonly string[],
  { schemes, delays }: Pick<DelayRequest, 'schemes' | 'delays'>,
): DelayRequest {
  const policies = names.map((name) => ({ policy: { kind: 'shipped', name } }));
  return { ...compareRequestSchema.parse({ policies, rollouts: 4, seed: 6 }), schemes, delays };
}

describe('a plan of delays', () => {
  it('has every policy with every scheme at every delay, on the same grid', async () => {
    const workspace = await temporaryWorkspace();
    const schemes = ['synchronous', 'real-time'] as const;
    const request = requestFor(['diffusion', 'flow'], { schemes, delays: [0, 4] });
    const { inputs, cells } = await planDelays(workspace, request);
    expect(cells).toHaveLength(4);
    expect(inputs.map(({ chunking }) => chunking)).toEqual([
      ...[0, 4].map((delay) => ({ scheme: 'synchronous', delay })),
      ...[0, 4].map((delay) => ({ scheme: 'real-time', delay })),
      ...[0, 4].map((delay) => ({ scheme: 'synchronous', delay })),
      ...[0, 4].map((delay) => ({ scheme: 'real-time', delay })),
    ]);
    expect(inputs.map(({ sampler }) => sampler?.kind)).toEqual([
      ...Array.from({ length: 4 }, () => 'ddim'),
      ...Array.from({ length: 4 }, () => 'euler'),
    ]);
  });

  it('takes a regression with every scheme but that of real time', async () => {
    const workspace = await temporaryWorkspace();
    const others = ['synchronous', 'asynchronous', 'ensembling'] as const;
    const delays = [2];
    await expect(
      planDelays(workspace, requestFor(['l2'], { schemes: others, delays })),
    ).resolves.toMatchObject({ inputs: { length: 3 } });
    await expect(
      planDelays(workspace, requestFor(['l2'], { schemes: ['real-time'], delays })),
    ).rejects.toThrow(/expected a diffusion or flow policy.*choose another policy/);
  });

  it('is refused before anything is rolled out where a delay leaves no room', async () => {
    const schemes = ['synchronous', 'asynchronous'] as const;
    const request = requestFor(['flow'], { schemes, delays: [0, 13] });
    await expect(planDelays(await temporaryWorkspace(), request)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('at most 12 control steps for asynchronous'),
    });
  });
});

it('a conclusion gives the root mean square at seams, beside them, and how they compare', async () => {
  const schemes = ['asynchronous', 'ensembling'] as const;
  const plan = await planDelays(
    await temporaryWorkspace(),
    requestFor(['flow'], { schemes, delays: [0] }),
  );
  const result = (success: boolean, beside: boolean): RolloutResult => ({
    success,
    contact: !success,
    mode: 'right',
    lifted: null,
    steps: success ? 90 : 50,
    firstPlan: null,
    plans: [],
    replayHash: '',
    switched: !success,
    seam: NO_SQUARES,
    motion: {
      seams: { squares: success ? 0.07 : 0.49, count: 7 },
      beside: beside ? { squares: 0.07, count: 7 } : NO_SQUARES,
    },
  });
  const results = [true, false].map((beside) =>
    plan.cells.map((cell, i) => ({ ...cell, ...result(i > 0, beside) })),
  );
  const report = concludeDelays(plan, { results, engine: 'e', batch: 2, seconds: 3 });
  const jump = Math.sqrt((3 * 0.07 + 0.49) / 28);
  expect(report).toMatchObject({ task: 'left-right', seed: 6, rollouts: 4, starts: 2, batch: 2 });
  expect(report.results[0]).toMatchObject({
    name: 'flow',
    scheme: 'asynchronous',
    delay: 0,
    success: { k: 3, n: 4 },
    contact: { k: 1, n: 4 },
    modes: { left: 0, right: 3 },
    modeSwitchRate: 0.25,
    stepsToSuccess: 90,
  });
  expect(report.results[0].seam.jump).toBeCloseTo(jump, 12);
  expect(report.results[0].seam.beside).toBeCloseTo(0.1, 12);
  expect(report.results[0].seam.ratio).toBeCloseTo(jump / 0.1, 12);
  // Where each step is a seam nothing is beside one.
  expect(report.results[1].seam).toMatchObject({ beside: null, ratio: null });
});
