import { describe, expect, it } from 'vitest';
import { readUrl } from '../../../client/shell/address/read-url.ts';
import { readLink } from '../../../scripts/report/links.ts';
import { linkTo } from '../../../server/experiments/link.ts';
import type { Contender, ExperimentPlan } from '../../../server/experiments/plan.ts';
import { stageSettingsSchema } from '../../../server/protocol/stage.ts';
import { somePlan } from '../../support/experiments.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

const [EULER] = somePlan().contenders;
const ROLLOUT = { start: 7, noise: 12, replayHash: '0123456789abcdef' };
const PAGE = 'http://127.0.0.1:8080';

function link(
  change: Partial<Contender> = {},
  plan: Partial<ExperimentPlan> = {},
  hz = 20,
): string {
  const made = linkTo(PAGE, somePlan(plan), { ...EULER, ...change }, ROLLOUT, hz);
  if (made === null) throw new Error('expected a link');
  return made;
}

const l2 = { source: { kind: 'shipped', name: 'l2' }, sampler: { kind: 'direct' } } as const;
const ddim = {
  source: { kind: 'shipped', name: 'diffusion' },
  sampler: { kind: 'ddim', steps: 4, eta: 0.5 },
} as const;
const run = {
  source: { kind: 'run', id: 'my-run' },
  sampler: { kind: 'heun', steps: 2 },
} as const;

describe('a link to a rollout', () => {
  it.each<[string, Partial<Contender>, object]>([
    ['flow', {}, { policy: EULER.source, sampler: 'euler', nfe: 1 }],
    ['l2', l2, { policy: l2.source }],
    [
      'diffusion with fresh noise',
      ddim,
      { policy: ddim.source, sampler: 'ddim', nfe: 4, eta: 0.5 },
    ],
    ['a run', run, { policy: run.source, sampler: 'heun', nfe: 3 }],
  ])('of %s is read by the page as all that decides it', (_, change, lane) => {
    const { hash, searchParams } = new URL(link(change));
    const { state, ignored } = readUrl(hash);
    expect(ignored).toEqual([]);
    expect(state).toMatchObject({
      ...{ task: 'left-right', focus: '1', seed: 3, episode: 7, noise: 12, batch: 25 },
      ...{ actionHorizon: 20, instruction: null, moment: null },
    });
    const first = state.lanes[1];
    expect(first).toEqual(lane);
    expect(searchParams.get('recorded')).toBe(ROLLOUT.replayHash);
    // And by the server, which bounds it.
    expect(stageSettingsSchema.safeParse({ lanes: [first], batch: state.batch }).success).toBe(
      true,
    );
  });

  it('says what the arm does while a plan is made', async () => {
    const chunking = { scheme: 'real-time', delay: 2 } as const;
    const late = link({ chunking });
    const { state, ignored } = readUrl(new URL(late).hash);
    expect(ignored).toEqual([]);
    expect(state.chunking).toEqual(chunking);
    const { shard } = await readLink(await temporaryWorkspace(), late);
    expect(shard.acting.chunking).toEqual(chunking);
    const regression = link({ ...l2, chunking });
    await expect(readLink(await temporaryWorkspace(), regression)).rejects.toThrow('inpainting');
  });

  it('names the policy in every view where its rate is not that of the others', () => {
    const { state } = readUrl(new URL(link(run, {}, 50)).hash);
    expect(Object.values(state.lanes).map((lane) => lane?.policy)).toEqual([
      run.source,
      run.source,
      run.source,
    ]);
  });

  it('in a task with a language says what was told, and that nothing was', () => {
    const told = { task: 'left-right-colour', instruction: 'take the red & green = ball' };
    expect(readUrl(new URL(link(run, told)).hash).state.instruction).toBe(told.instruction);
    const silent = { task: 'left-right-colour', instruction: null };
    expect(readUrl(new URL(link(run, silent)).hash).state.instruction).toBe('');
  });

  it('is not made where the page cannot play it', () => {
    const source = { kind: 'onnx', file: 'onnx:flow.onnx' } as const;
    expect(linkTo(PAGE, somePlan(), { ...EULER, source }, ROLLOUT, 20)).toBeNull();
  });

  it('is read back as the shard of the rollout alone', async () => {
    const workspace = await temporaryWorkspace();
    const { shard, recorded } = await readLink(workspace, link(ddim));
    expect(recorded).toBe(ROLLOUT.replayHash);
    expect(shard).toMatchObject({ seed: 3, batch: 25, task: 'left-right', cells: [[7, 12]] });
    expect(shard.acting).toMatchObject({ ...ddim, actionHorizon: 20, guidance: null });
    expect(shard.acting).not.toHaveProperty('perturbation');
  });

  it('says what is perturbed, to the page and to who reads it back', async () => {
    const perturbed = link({ perturbation: { mass: 2, push: 0.01 } });
    const { state, ignored } = readUrl(new URL(perturbed).hash);
    expect([state.perturb, ignored]).toEqual(['mass=2+push=0.01', []]);
    const { shard } = await readLink(await temporaryWorkspace(), perturbed);
    expect(shard.acting.perturbation).toEqual({ mass: 2, push: 0.01 });
  });

  it.each([
    `${PAGE}/`,
    `${PAGE}/#seed=1`,
    link().replace('batch=25', 'batch=1e9'),
    link().replace('episode=7', 'episode=-7'),
    link().replace('recorded=0', 'recorded=x'),
    `${link()}&perturb=weight=2`,
    `${link()}&say=${'x'.repeat(3000)}`,
  ])('is refused where it is none: %s', async (text) => {
    await expect(readLink(await temporaryWorkspace(), text)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('link: expected one of a report'),
    });
  });
});
