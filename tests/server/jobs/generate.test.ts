import { beforeAll, describe, expect, it } from 'vitest';
import { generateDemonstrations } from '../../../server/datasets/generate.ts';
import { generateInParallel } from '../../../server/jobs/generate.ts';
import { generateRequestSchema } from '../../../server/protocol/index.ts';
import type { Workspace } from '../../../server/storage/workspace.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

const requestOf = (out: string) => generateRequestSchema.parse({ episodes: 4, out, seed: 3 });

let workspace: Workspace;
let alone: string;

beforeAll(async () => {
  workspace = await temporaryWorkspace();
  const request = requestOf('alone');
  alone = (await generateDemonstrations(workspace, rapier, request)).hash;
});

describe('demonstrations shown by two processes', () => {
  it('are those of one, in their order, and are counted in it', async () => {
    const counts: number[] = [];
    const together = await generateInParallel(workspace, rapier, requestOf('together'), {
      processes: 2,
      onProgress: (done) => counts.push(done),
    });
    expect(together.hash).toBe(alone);
    expect(counts).toEqual([1, 2, 3, 4]);
  });

  it('that are ended early are the first of them, as many as were counted', async () => {
    let counted = 0;
    const ending = new AbortController();
    const ended = await generateInParallel(workspace, rapier, requestOf('ended'), {
      processes: 2,
      signal: ending.signal,
      onProgress(done) {
        counted = done;
        if (done === 2) ending.abort();
      },
    });
    const { episodes: kept } = await workspace.datasets.open('ended');
    const { episodes: all } = await workspace.datasets.open('alone');
    expect(kept.map(({ replayHash }) => replayHash)).toEqual(
      all.slice(0, ended.episodes).map(({ replayHash }) => replayHash),
    );
    expect([ended.episodes, counted]).toEqual([2, 2]);
  });
});
