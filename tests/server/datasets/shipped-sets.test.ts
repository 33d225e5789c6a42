import { describe, expect, it } from 'vitest';
import { generateDemonstrations } from '../../../server/datasets/generate.ts';
import { listShippedSets, offerSets, requestOf } from '../../../server/datasets/shipped-sets.ts';
import { listShipped } from '../../../server/storage/shipped.ts';
import { objectsOutside } from '../../../sim/tasks/start-region.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

const sets = await listShippedSets(await listShipped());
const first = sets[0];

describe('the sets that shipped policies learnt from', () => {
  it('are told by their manifests: one for all policies of one dataset', () => {
    expect(first).toMatchObject({ task: 'left-right', episodes: 200, seed: 0, controlHz: 20 });
    expect(first.policies).toEqual(['l2', 'diffusion', 'flow', 'lstm', 'reflow']);
    const told = sets.find(({ policies }) => policies.includes('seeing-flow'));
    expect(told?.policies).toEqual(['reading-flow', 'seeing-flow']);
    expect(sets.every(({ starts }) => starts.every((hull) => hull.length > 2))).toBe(true);
  });

  it('begin where the seed says, within the region that is told of them', async () => {
    const workspace = await temporaryWorkspace();
    const request = await requestOf(first, workspace.datasets);
    expect(request).toMatchObject({ out: 'shipped-left-right', episodes: 200, pushes: true });
    await generateDemonstrations(workspace, rapier, { ...request, episodes: 2 });
    const { episodes } = await workspace.datasets.open(request.out);
    for (const { initial } of episodes) {
      const places = initial.objects.map(([x, y]) => [x, y] as const);
      expect(objectsOutside(first.starts, places)).toEqual([]);
    }
  });

  it('take a name that is free, and say when somebody threw them away', async () => {
    const { datasets } = await temporaryWorkspace();
    await datasets.create('shipped-left-right', { task: 'left-right', controlHz: 20 });
    expect((await requestOf(first, datasets)).out).toBe('shipped-left-right-2');
    expect((await offerSets([first], datasets))[0].thrownAway).toBe(false);
    await datasets.trash('shipped-left-right');
    expect((await offerSets([first], datasets))[0].thrownAway).toBe(true);
  });
});
