import { describe, expect, it } from 'vitest';
import type { Demonstration } from '../../../demos/demonstration.ts';
import type { Dataset } from '../../../demos/store/index.ts';
import {
  acceptRecording,
  type Verification,
  verifyDataset,
} from '../../../server/datasets/datasets.ts';
import { reportError } from '../../../server/error-report.ts';
import { LIMITS, recordingSchema } from '../../../server/protocol/index.ts';
import { findTask, PHYSICS } from '../../../sim/index.ts';
import { recordInBrowser } from '../../support/recordings.ts';
import { demonstrateMode, rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

async function datasetOf(demonstrations: readonly Demonstration[]): Promise<Dataset> {
  const { datasets } = await temporaryWorkspace();
  const dataset = await datasets.create('demos', { task: 'left-right', controlHz: 20 });
  await dataset.append(demonstrations);
  return dataset;
}

async function verify(dataset: Dataset): Promise<Verification[]> {
  const results: Verification[] = [];
  for await (const result of verifyDataset(rapier, dataset)) results.push(result);
  return results;
}

describe('verification', () => {
  const left = demonstrateMode('left', 1, { pushes: true });
  const right = demonstrateMode('right', 1);

  it('finds that sound episodes end where they ended', async () => {
    const results = await verify(await datasetOf([left, right]));
    expect(results).toEqual(
      [left, right].map(({ replayHash }, index) => ({
        index,
        ok: true,
        expected: replayHash,
        got: replayHash,
        otherPhysics: null,
      })),
    );
  });

  it('finds a command that was tampered with, and that episode alone', async () => {
    const command = left.command.slice();
    command[40 * 8] += 1e-4;
    const results = await verify(await datasetOf([right, { ...left, command }, right]));
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(results[1].got).not.toBe(results[1].expected);
  });

  it('finds a start that was tampered with', async () => {
    const [x, y, z] = left.initial.objects[0];
    const objects = [[Math.fround(x + 0.001), y, z] as const];
    const moved = { ...left, initial: { ...left.initial, objects } };
    expect((await verify(await datasetOf([moved])))[0].ok).toBe(false);
  });

  it('does not mind labels: they were not executed', async () => {
    const relabelled = { ...left, action: left.action.map((value) => value / 2) };
    expect((await verify(await datasetOf([relabelled])))[0].ok).toBe(true);
  });

  it('names the physics an episode was recorded with, where it is another', async () => {
    const physics = { package: PHYSICS.package, version: '0.0.1' };
    const [result] = await verify(await datasetOf([{ ...left, physics }]));
    expect(result.otherPhysics).toBe(`${physics.package} 0.0.1`);
  });
});

describe('a recording', () => {
  it('is kept as it was executed, in a dataset made for it', async () => {
    const { datasets } = await temporaryWorkspace();
    const { recording, commands } = recordInBrowser({ seed: 5 });
    const accepted = await acceptRecording(datasets, rapier, recording, commands);
    expect(accepted.dataset).toMatchObject({ name: 'mine', episodes: 1, recorded: 1 });
    expect(accepted.episode).toMatchObject({ index: 0, source: 'browser', length: 6 });
    const dataset = await datasets.open('mine');
    const [stored] = await dataset.readAll();
    expect(stored).toMatchObject({ seed: 5, replayHash: recording.replayHash, source: 'browser' });
    expect(stored.command).toEqual(commands);
    expect(stored.action).toEqual(commands);
    expect(stored.initial).toEqual(recording.initial);
    expect((await verify(dataset)).every(({ ok }) => ok)).toBe(true);
  });

  it('of a told demonstrator is kept with what he was told', async () => {
    const { datasets } = await temporaryWorkspace();
    const told = findTask('left-right-colour');
    const initial = {
      ...told.sampleInitialState(5),
      joints: [...told.sampleInitialState(5).joints],
      objects: told
        .sampleInitialState(5)
        .objects.map(([x, y, z]): [number, number, number] => [x, y, z]),
      instruction: 'hand me the red ball',
    };
    const { recording, commands } = recordInBrowser({ task: told.name, seed: 5, initial });
    const accepted = await acceptRecording(datasets, rapier, recording, commands);
    expect(accepted.dataset).toMatchObject({ name: 'mine', task: told.name, recorded: 1 });
    const [demonstration] = await (await datasets.open('mine')).readAll();
    expect(demonstration.initial.instruction).toBe('hand me the red ball');
    const other = { ...recording, initial: { ...initial, instruction: 'take the green ball' } };
    const second = await acceptRecording(datasets, rapier, other, commands);
    // The same motion means something else under other words.
    expect([second.episode.index, second.dataset.episodes]).toEqual([1, 2]);
    const wordless = { ...recording, initial: { ...initial, instruction: 'juggle' } };
    await expect(acceptRecording(datasets, rapier, wordless, commands)).rejects.toMatchObject({
      code: 'invalid-demonstration',
    });
  });

  it('joins those that are there', async () => {
    const { datasets } = await temporaryWorkspace();
    for (const index of [0, 1]) {
      const { recording, commands } = recordInBrowser({}, 5 + index);
      const { episode } = await acceptRecording(datasets, rapier, recording, commands);
      expect(episode.index).toBe(index);
    }
    expect((await datasets.open('mine')).episodes.map(({ length }) => length)).toEqual([5, 6]);
  });

  it('sent again, as by a page that did not hear the answer, is kept once', async () => {
    const { datasets } = await temporaryWorkspace();
    const { recording, commands } = recordInBrowser({ seed: 5 });
    const first = await acceptRecording(datasets, rapier, recording, commands);
    const other = recordInBrowser({ seed: 5 }, 9);
    await acceptRecording(datasets, rapier, other.recording, other.commands);
    const again = await acceptRecording(datasets, rapier, recording, commands);
    expect(again.episode).toEqual(first.episode);
    expect(again.dataset).toMatchObject({ episodes: 2, recorded: 2 });
    expect((await datasets.open('mine')).episodes).toHaveLength(2);
  });

  const good = recordInBrowser();
  const spoilt = (spoil: (commands: Float32Array) => void) => {
    const commands = good.commands.slice();
    spoil(commands);
    return commands;
  };

  it.each<[string, string, Partial<typeof good>]>([
    [
      'that ends elsewhere',
      'failed',
      { recording: { ...good.recording, replayHash: '0123456789abcdef' } },
    ],
    [
      'with another command than was executed',
      'failed',
      {
        commands: spoilt((commands) => {
          commands[8] += 1e-3;
        }),
      },
    ],
    [
      'with a NaN',
      'invalid-request',
      {
        commands: spoilt((commands) => {
          commands[9] = Number.NaN;
        }),
      },
    ],
    [
      'with an infinity',
      'invalid-request',
      {
        commands: spoilt((commands) => {
          commands[15] = Number.POSITIVE_INFINITY;
        }),
      },
    ],
    ['without a step', 'invalid-request', { commands: new Float32Array(0) }],
    ['with a broken row', 'invalid-request', { commands: new Float32Array(8 * 3 + 1) }],
    [
      'that is too long',
      'invalid-request',
      { commands: new Float32Array(8 * (LIMITS.recordingSteps + 1)) },
    ],
    ['of an unknown task', 'invalid-request', { recording: { ...good.recording, task: 'juggle' } }],
    [
      'with the ball out of reach',
      'invalid-request',
      {
        recording: {
          ...good.recording,
          initial: { ...good.recording.initial, objects: [[5, 0, Math.fround(0.03)]] },
        },
      },
    ],
    [
      'without a ball',
      'invalid-request',
      {
        recording: {
          ...good.recording,
          initial: { ...good.recording.initial, objects: [] },
        },
      },
    ],
  ])('%s is refused (%s) and nothing is stored', async (_, code, changes) => {
    const { datasets } = await temporaryWorkspace();
    const { recording, commands } = { ...good, ...changes };
    const report = await acceptRecording(datasets, rapier, recording, commands).then(
      () => null,
      reportError,
    );
    expect(report?.code).toBe(code);
    expect(await datasets.list()).toEqual([]);
  });

  it('of another rate than its dataset is refused and the dataset stays as it is', async () => {
    const { datasets } = await temporaryWorkspace();
    await acceptRecording(datasets, rapier, good.recording, good.commands);
    const { hash } = await datasets.open('mine');
    const fast = recordInBrowser({ controlHz: 50 });
    await expect(
      acceptRecording(datasets, rapier, fast.recording, fast.commands),
    ).rejects.toMatchObject({ code: 'mismatch' });
    expect((await datasets.open('mine')).hash).toBe(hash);
  });

  it('that a browser can make passes the check of its form', () => {
    expect(recordingSchema.safeParse(good.recording).success).toBe(true);
  });
});
