import { beforeAll, describe, expect, it } from 'vitest';
import { sealJson } from '../../../demos/files/index.ts';
import { type ExperimentRequest, planExperiment } from '../../../server/experiments/make-plan.ts';
import {
  contenderName,
  decodePlan,
  encodePlan,
  experimentId,
} from '../../../server/experiments/plan.ts';
import { evaluationOf } from '../../../server/experiments/run-shard.ts';
import { shardsOf } from '../../../server/experiments/shard.ts';
import type { Lane } from '../../../server/protocol/stage.ts';
import type { Workspace } from '../../../server/storage/workspace.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await temporaryWorkspace();
});

function lane(name: string, choice: Omit<Lane, 'policy'> = {}): Lane {
  return { policy: { kind: 'shipped', name } as Lane['policy'], ...choice };
}

const REQUEST: ExperimentRequest = {
  lanes: [lane('l2')],
  actionHorizons: [null],
  guidances: [null],
  chunkings: [null],
  rollouts: 10,
  seed: 0,
  batch: 25,
  shardSize: 5,
};

const plan = (change: Partial<ExperimentRequest>) =>
  planExperiment(workspace, { ...REQUEST, ...change });

describe('a plan', () => {
  it('crosses its lists, and says what it left out and why', async () => {
    const lanes = ['l2', 'flow'].flatMap((name) => [1, 4].map((nfe) => lane(name, { nfe })));
    const { contenders, leftOut } = await plan({ lanes, actionHorizons: [8, 64] });
    expect(contenders.map(contenderName)).toEqual([
      'l2 direct 1, Ta 8',
      'flow euler 1, Ta 8',
      'flow euler 4, Ta 8',
    ]);
    expect(leftOut.map(({ combination }) => combination)).toEqual([
      'l2 nfe=1 Ta=64',
      'l2 nfe=4 Ta=8',
      'l2 nfe=4 Ta=64',
      'flow nfe=1 Ta=64',
      'flow nfe=4 Ta=64',
    ]);
    expect(leftOut[0].reason).toContain('expected 1 to 32 (the shortest plan), got 64');
    expect(leftOut[1].reason).toBe('it is l2 direct 1, Ta 8, which takes part');
  });

  it('leaves out schemes that a policy cannot do', async () => {
    const chunkings = (['synchronous', 'real-time'] as const).map((scheme) => ({
      scheme,
      delay: 2,
    }));
    const { contenders, leftOut } = await plan({ chunkings });
    expect(contenders.map(contenderName)).toEqual(['l2 direct 1, Ta 20, synchronous d 2']);
    expect(leftOut).toMatchObject([{ combination: 'l2 real-time d=2' }]);
  });

  it('has a control beside perturbations, and those that a policy can notice', async () => {
    const perturbations = [{ mass: 2 }, { 'sensor-noise': 0.01 }, { light: 0.5 }];
    const { contenders, leftOut } = await plan({ perturbations });
    expect(contenders.map(contenderName)).toEqual([
      'l2 direct 1, Ta 20',
      'l2 direct 1, Ta 20, mass=2',
      'l2 direct 1, Ta 20, sensor-noise=0.01',
    ]);
    expect(contenders.map(({ noise }) => noise)).toEqual([false, false, true]);
    expect(contenders[0]).not.toHaveProperty('perturbation');
    expect(leftOut).toMatchObject([{ combination: 'l2 light=0.5' }]);
    expect(leftOut[0].reason).toContain('expected a policy that looks at pictures');
  });

  it('has shards that are run, and replayed, with what is perturbed', async () => {
    const planned = await plan({ perturbations: [{ mass: 2, push: 0.01 }] });
    const inputs = shardsOf(planned).map(({ description }) => {
      return evaluationOf(workspace.place, description).input;
    });
    expect(inputs.map(({ perturbation }) => perturbation)).toEqual([
      ...[undefined, undefined],
      ...[0, 1].map(() => ({ mass: 2, push: 0.01 })),
    ]);
    // As a file of the plan holds it.
    expect(decodePlan('plan.json', encodePlan(planned))).toEqual(planned);
  });

  it.each(['perturbation', 'demonstrated'])(
    'is refused with "__proto__" in its %s',
    async (part) => {
      const text = JSON.stringify(await plan({ perturbations: [{ mass: 2 }] }));
      const spoilt = text.replaceAll(`"${part}":{`, `"${part}":{"__proto__":7,`);
      expect(spoilt).not.toBe(text);
      expect(() => decodePlan('plan.json', sealJson(JSON.parse(spoilt)))).toThrow(
        /^plan\.json: .*got "__proto__"/s,
      );
    },
  );

  it.each<[string, Partial<ExperimentRequest>, string]>([
    ['what it cannot do, where nothing is crossed', { actionHorizons: [64] }, 'action horizon'],
    ['only what a policy cannot do', { actionHorizons: [64, 65] }, '"l2": expected a combination'],
    ['policies of different tasks', { lanes: [lane('l2'), lane('three-ways-l2')] }, 'of one task'],
    ['more starts than rollouts', { starts: 11 }, 'starts: expected 1 to 10'],
    [
      'too many combinations',
      { actionHorizons: Array.from({ length: 1001 }, (_, i) => i + 1) },
      'expected at most 1000 combinations, got 1001',
    ],
  ])('is refused with %s', async (_, change, message) => {
    await expect(plan(change)).rejects.toThrow(message);
  });

  it('is the same experiment however it is cut, and another with another seed', async () => {
    const one = await plan({});
    const [again, cut, other] = [
      await plan({}),
      await plan({ shardSize: 3 }),
      await plan({ seed: 1 }),
    ];
    expect(again).toEqual(one);
    expect(experimentId(cut)).toBe(experimentId(one));
    expect(shardsOf(cut)[0].id).not.toBe(shardsOf(one)[0].id);
    expect(experimentId(other)).not.toBe(experimentId(one));
  });
});
