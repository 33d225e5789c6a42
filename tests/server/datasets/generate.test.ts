import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { demonstrate } from '../../../demos/demonstrate.ts';
import type { HandPose } from '../../../demos/experts/expert.ts';
import { leftRightExpert } from '../../../demos/experts/left-right.ts';
import { threeWaysExpert } from '../../../demos/experts/three-ways.ts';
import { expertSeed, generateDemonstrations } from '../../../server/datasets/generate.ts';
import { generateRequestSchema } from '../../../server/protocol/index.ts';
import type { Workspace } from '../../../server/storage/workspace.ts';
import { findTask, startSeed, TASKS } from '../../../sim/index.ts';
import { threeWays } from '../../../sim/tasks/three-ways/task.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

type Request = Parameters<typeof generateRequestSchema.parse>[0];

function generate(
  workspace: Workspace,
  request: Request,
  options?: Parameters<typeof generateDemonstrations>[3],
) {
  return generateDemonstrations(workspace, rapier, generateRequestSchema.parse(request), options);
}

describe('generated demonstrations', () => {
  it('come in pairs: every mode once from each start', async () => {
    const workspace = await temporaryWorkspace();
    const summary = await generate(workspace, { episodes: 4, out: 'pairs', seed: 7 });
    const { episodes } = await workspace.datasets.open('pairs');
    expect(episodes.map(({ mode }) => mode)).toEqual(['left', 'right', 'left', 'right']);
    expect(episodes[0].initial).toEqual(episodes[1].initial);
    expect(episodes[2].initial).toEqual(episodes[3].initial);
    expect(episodes[0].initial).not.toEqual(episodes[2].initial);
    expect(episodes.every(({ success, contact }) => success && !contact)).toBe(true);
    expect(summary).toMatchObject({
      name: 'pairs',
      task: 'left-right',
      controlHz: 20,
      episodes: 4,
      successes: 4,
      recorded: 0,
      modes: { left: 2, right: 2 },
    });
  });

  it('of a task with a choice show every object by every side from each start', async () => {
    const workspace = await temporaryWorkspace();
    const request = { task: 'left-right-colour', episodes: 8, out: 'told', seed: 5 };
    await generate(workspace, request);
    const { episodes } = await workspace.datasets.open('told');
    const { understand } = findTask(request.task).language ?? expect.fail('no language');
    const scenes = episodes.map(({ initial }) => JSON.stringify(initial.objects));
    expect(new Set(scenes.slice(0, 4)).size).toBe(1);
    expect(new Set(scenes).size).toBe(2);
    expect(new Set(episodes.map(({ initial }) => initial.instruction)).size).toBeGreaterThan(3);
    episodes.forEach(({ initial, mode, success }, i) => {
      const goal = understand(initial.instruction ?? '');
      expect(success).toBe(true);
      expect(mode).toBe(['left', 'right'][i % 2]);
      expect([null, mode]).toContain(goal.mode);
      expect([null, ['red', 'green'][Math.floor(i / 2) % 2]]).toContain(goal.object);
    });
  });

  it('are the same for the same request, under any name, and others for another seed', async () => {
    const workspace = await temporaryWorkspace();
    const first = await generate(workspace, { episodes: 2, out: 'first', seed: 3 });
    const again = await generate(workspace, { episodes: 2, out: 'again', seed: 3 });
    const other = await generate(workspace, { episodes: 2, out: 'other', seed: 4 });
    expect(again.hash).toBe(first.hash);
    expect(other.hash).not.toBe(first.hash);
  });

  it('of one mode only are of that mode, each from a start of its own', async () => {
    const workspace = await temporaryWorkspace();
    await generate(workspace, { episodes: 2, out: 'right', mode: 'right', pushes: false });
    const { episodes } = await workspace.datasets.open('right');
    expect(episodes.map(({ mode }) => mode)).toEqual(['right', 'right']);
    expect(episodes[0].initial).not.toEqual(episodes[1].initial);
  });

  it('repeat from the same start what a push has spoiled', async () => {
    const [start, retried] = [startSeed('demonstration', 1, 0), 2];
    const spoiled = demonstrate(rapier, threeWays, threeWaysExpert, 'right', {
      controlHz: 20,
      startSeed: start,
      expertSeed: expertSeed(1, retried, 0),
      pushes: true,
    });
    expect(spoiled).toMatchObject({ success: false, contact: true });
    const workspace = await temporaryWorkspace();
    await generate(workspace, { task: 'three-ways', episodes: 3, out: 'ways', seed: 1 });
    const { episodes } = await workspace.datasets.open('ways');
    expect(episodes.map(({ mode }) => mode)).toEqual(['left', 'middle', 'right']);
    expect(episodes[retried]).toMatchObject({ seed: start, success: true, contact: false });
    expect(episodes[retried].initial).toEqual(spoiled.initial);
  });

  it('execute what they label unless they are pushed', async () => {
    const workspace = await temporaryWorkspace();
    await generate(workspace, { episodes: 1, out: 'plain', pushes: false });
    await generate(workspace, { episodes: 1, out: 'pushed', pushes: true });
    const [plain] = await (await workspace.datasets.open('plain')).readAll();
    const [pushed] = await (await workspace.datasets.open('pushed')).readAll();
    expect(plain.command).toEqual(plain.action);
    expect(pushed.command).not.toEqual(pushed.action);
  });

  it('at 50 Hz take more steps for the same movement', async () => {
    const workspace = await temporaryWorkspace();
    await generate(workspace, { episodes: 1, out: 'slow', pushes: false });
    await generate(workspace, { episodes: 1, out: 'fast', pushes: false, controlHz: 50 });
    const [slow] = (await workspace.datasets.open('slow')).episodes;
    const [fast] = (await workspace.datasets.open('fast')).episodes;
    expect(fast.controlHz).toBe(50);
    expect(fast.length / slow.length).toBeCloseTo(2.5, 1);
  });
});

describe('the seed of an expert', () => {
  const episode = fc.integer({ min: 0, max: 9999 });
  const retry = fc.integer({ min: 0, max: 9 });

  it('is what it always was where that of the dataset is small', () => {
    const before = (seed: number, i: number, again: number) =>
      ((seed * 65_536 + i) * 10 + again) % 2 ** 31;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16_383 }), episode, retry, (seed, i, again) => {
        expect(expertSeed(seed, i, again)).toBe(before(seed, i, again));
      }),
    );
  });

  it('is another for each dataset, episode and try where that of the dataset is large', () => {
    const seed = fc.integer({ min: 16_384, max: 2 ** 32 - 1 });
    const many = fc.sample(fc.tuple(seed, episode, retry), { numRuns: 100_000, seed: 2 });
    many.push([16_384, 0, 0], [16_384, 0, 1], [16_384, 1, 0], [2 ** 32 - 1, 9999, 9]);
    const seeds = many.map((each) => expertSeed(...each));
    expect(new Set(seeds).size).toBe(new Set(many.map(String)).size);
    expect(seeds.every((value) => Number.isSafeInteger(value) && value >= 2 ** 31)).toBe(true);
  });
});

it.each([16_384, 100_000, 2 ** 32 - 1])(
  'demonstrations of the seed %d are kept with it, and differ from those of others',
  async (seed) => {
    const workspace = await temporaryWorkspace();
    const task = 'left-right-colour';
    const { successes } = await generate(workspace, { task, episodes: 1, out: 'large', seed });
    const other = { task, episodes: 1, out: 'other', seed: seed - 1 };
    await generate(workspace, other);
    const { episodes } = await workspace.datasets.open('large');
    const others = (await workspace.datasets.open('other')).episodes;
    expect(successes).toBe(1);
    expect(episodes[0].seed).toBe(startSeed('demonstration', seed, 0));
    expect(episodes[0].initial.objects).not.toEqual(others[0].initial.objects);
  },
);

it('counts episodes as they are made', async () => {
  const counted: number[] = [];
  const onProgress = (done: number) => counted.push(done);
  await generate(await temporaryWorkspace(), { episodes: 3, out: 'a' }, { onProgress });
  expect(counted).toEqual([1, 2, 3]);
});

it('keeps what it has when it is stopped', async () => {
  const workspace = await temporaryWorkspace();
  const stop = new AbortController();
  const summary = await generate(
    workspace,
    { episodes: 1000, out: 'stopped' },
    { onProgress: () => stop.abort(), signal: stop.signal },
  );
  expect(summary.episodes).toBe(1);
  expect(await (await workspace.datasets.open('stopped')).readAll()).toHaveLength(1);
});

describe('where an expert never succeeds', () => {
  function* rest(pose: HandPose): Generator<HandPose> {
    yield pose;
  }

  /** From its demonstration `first` on, the expert rests. */
  function restFrom(first: number): void {
    const { demonstrate: honest } = leftRightExpert;
    const spy = vi.spyOn(leftRightExpert, 'demonstrate');
    spy.mockImplementation((...args) =>
      spy.mock.calls.length > first ? rest(args[1]) : honest(...args),
    );
  }
  afterEach(() => vi.restoreAllMocks());

  it('names mode, seed and cure, and leaves the name free', async () => {
    restFrom(0);
    const workspace = await temporaryWorkspace();
    const request = { episodes: 2, out: 'failing', seed: 3 };
    const start = startSeed('demonstration', 3, 0);
    await expect(generate(workspace, request)).rejects.toThrow(
      `the expert of left-right did not succeed in mode left in 10 tries from the start of seed ${start}; ` +
        'nothing was kept. Generate with another seed, without pushes or another mode',
    );
    vi.restoreAllMocks();
    expect((await generate(workspace, request)).episodes).toBe(2);
  });

  it('keeps what was demonstrated before, and says how much', async () => {
    restFrom(1);
    const workspace = await temporaryWorkspace();
    const request = { episodes: 2, out: 'half', pushes: false };
    await expect(generate(workspace, request)).rejects.toThrow(
      /in mode right .*; half keeps the 1 before it\. Generate with another seed or another mode/,
    );
    const { episodes } = await workspace.datasets.open('half');
    expect(episodes.map(({ mode }) => mode)).toEqual(['left']);
  });
});

describe('a request that cannot be met', () => {
  it.each([
    [
      'an unknown task',
      { task: 'juggle' },
      `expected one of ${TASKS.map(({ name }) => name).join(', ')}, got "juggle"`,
    ],
    ['an unknown mode', { mode: 'over' }, 'expected one of left, right, got "over"'],
  ])('for %s says what there is and makes nothing', async (_, changes, message) => {
    const workspace = await temporaryWorkspace();
    await expect(generate(workspace, { episodes: 1, out: 'a', ...changes })).rejects.toThrow(
      message,
    );
    expect(await workspace.datasets.list()).toEqual([]);
  });

  it('for a name that is taken leaves what is there', async () => {
    const workspace = await temporaryWorkspace();
    const { hash } = await generate(workspace, { episodes: 1, out: 'a' });
    await expect(generate(workspace, { episodes: 1, out: 'a', seed: 1 })).rejects.toMatchObject({
      code: 'exists',
    });
    expect((await workspace.datasets.open('a')).hash).toBe(hash);
  });
});
