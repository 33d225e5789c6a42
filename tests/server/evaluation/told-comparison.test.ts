import { beforeAll, expect, it } from 'vitest';
import { planComparison } from '../../../server/evaluation/comparison.ts';
import { evaluateCells } from '../../../server/evaluation/evaluate.ts';
import { compareRequestSchema } from '../../../server/protocol/index.ts';
import { openPolicy } from '../../../server/storage/open-policy.ts';
import type { Workspace } from '../../../server/storage/workspace.ts';
import { findTask } from '../../../sim/index.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { trainReader } from '../../support/tiny-reader-run.ts';

const engine = keepingEngine();
const INSTRUCTION = 'take the red one from the left';
let workspace: Workspace;
let run: string;

beforeAll(async () => {
  workspace = await temporaryWorkspace();
  run = await trainReader(workspace, engine);
});

const requestFor = (told: { instruction?: string; guidance?: number }) =>
  compareRequestSchema.parse({
    policies: [{ policy: { kind: 'run', id: run }, nfe: 2 }],
    rollouts: 2,
    ...told,
  });

it('a policy that reads is told the instruction in every rollout, and guided by it', async () => {
  const seamOf = async (told: Parameters<typeof requestFor>[0]) => {
    const { contenders, cells } = await planComparison(workspace, requestFor(told));
    const [{ input }] = contenders;
    const { source, sampler, guidance = 1, seed } = input;
    const setup = { rapier, task: findTask('left-right-colour'), batch: 2 };
    const results = await evaluateCells(
      {
        ...setup,
        policy: await openPolicy(workspace, engine, source),
        sampler,
        actionHorizon: 2,
        guidance,
        seed,
      },
      cells,
    );
    expect(results.map(({ instruction }) => instruction)).toEqual(
      Array.from({ length: 2 }, () => told.instruction),
    );
    return results.map(({ seam }) => seam.squares);
  };
  const silent = await seamOf({});
  const told = await seamOf({ instruction: INSTRUCTION });
  const ignored = await seamOf({ instruction: INSTRUCTION, guidance: 0 });
  const guided = await seamOf({ instruction: INSTRUCTION, guidance: 4 });
  expect(ignored).toEqual(silent);
  expect(told).not.toEqual(silent);
  expect(guided).not.toEqual(told);
});

it('each policy may be guided by a scale of its own, in place of the one for all', async () => {
  const policy = { kind: 'run' as const, id: run };
  const request = compareRequestSchema.parse({
    policies: [
      { policy, nfe: 2, guidance: 0 },
      { policy, nfe: 2 },
    ],
    rollouts: 1,
    instruction: INSTRUCTION,
    guidance: 4,
  });
  const { contenders } = await planComparison(workspace, request);
  expect(contenders.map(({ input }) => input.guidance)).toEqual([0, 4]);
});

it('guidance without an instruction is refused: it would change nothing', async () => {
  await expect(planComparison(workspace, requestFor({ guidance: 2 }))).rejects.toThrow(
    /expected an instruction to be guided by, got none with a scale of 2/,
  );
});

it('a policy that does not read is told nothing', async () => {
  const request = compareRequestSchema.parse({
    policies: [{ policy: { kind: 'shipped', name: 'flow' } }],
    instruction: INSTRUCTION,
  });
  await expect(planComparison(workspace, request)).rejects.toThrow(
    /expected policies that read one, got "flow"/,
  );
});
