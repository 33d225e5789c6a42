/** A rollout of an evaluation, played on a stage. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportError } from '../../../server/error-report.ts';
import { evaluateCells, type GridResult } from '../../../server/evaluation/evaluate.ts';
import { type Ending, unpackEnding } from '../../../server/protocol/ending.ts';
import { type StageRequest, stageSettingsSchema } from '../../../server/protocol/index.ts';
import { unpackCommands } from '../../../server/protocol/takeover-commands.ts';
import { StageHost, type StageMessage } from '../../../server/stage/stage-host.ts';
import { openPolicy } from '../../../server/storage/open-policy.ts';
import { Episode, formatPerturbation, startSeed } from '../../../sim/index.ts';
import { frameOf } from '../../support/frames.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { playRows, rapier, task } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

const engine = keepingEngine();
const FLOW = { kind: 'shipped', name: 'flow' } as const;
const SEED = 3;
const BATCH = 5;
const CELLS = [
  { start: 2, noise: 0 },
  { start: 2, noise: 3 },
];
/** What is otherwise in a rollout of its own. */
const PERTURBATION = { mass: 2, 'sensor-noise': 0.002, push: 0.005 };
let rolledOut: GridResult[];
/** Where its ball lies as it begins and after each control step. */
const perturbedBall: (readonly number[])[] = [];
let perturbed: GridResult;
/** Plans come late, and go on from one another. */
const CHUNKING = { scheme: 'real-time', delay: 3 } as const;
let delayed: GridResult;
let host: StageHost;
const said: StageMessage[] = [];

beforeAll(async () => {
  const workspace = await temporaryWorkspace();
  const policy = await openPolicy(workspace, engine, FLOW);
  const sampler = { kind: 'euler', steps: 2 } as const;
  const setup = { rapier, task, policy, sampler, actionHorizon: 8, batch: BATCH, seed: SEED };
  rolledOut = await evaluateCells(setup, CELLS);
  [perturbed] = await evaluateCells({ ...setup, perturbation: PERTURBATION }, CELLS.slice(1), {
    onStep: (_, episode) => {
      perturbedBall[episode.steps] = episode.objectPositions()[0];
    },
  });
  [delayed] = await evaluateCells({ ...setup, chunking: CHUNKING }, CELLS.slice(1));
  const policies = { open: async () => policy, revision: async () => 0 };
  const world = { rapier, engine: engine.name, policies, report: reportError };
  host = new StageHost(world, (message) => said.push(message));
});
afterAll(() => host.close());

/** How an episode of a stage ended, and the hash of a replay of what was commanded in it. */
async function endOnStage(
  viewer: string,
  request: Partial<StageRequest>,
  steps: number,
): Promise<{ readonly ending: Ending | null; readonly replayed: string }> {
  const settings = stageSettingsSchema.parse({
    lanes: [{ policy: FLOW, sampler: 'euler', nfe: 2 }],
    ...{ seed: SEED, actionHorizon: 8, fan: 2, speed: 8, ...request },
  });
  host.command({ viewer, command: { kind: 'set', settings } });
  const own = () => said.filter((each) => each.viewer === viewer);
  const last = await until(() => {
    const problem = own().find(({ kind }) => kind === 'error');
    if (problem) throw new Error(JSON.stringify(problem));
    const frames = own().flatMap((each) => (each.kind === 'frame' ? [frameOf(each.packed)] : []));
    return frames.find(({ step }) => step >= steps);
  }, 'the control step at which the rollout ended');
  const inquiry = { kind: 'commands', episodeId: last.episodeId, lane: 0, step: steps } as const;
  host.command({ viewer, ask: { id: 1, inquiry } });
  const answer = await until(() => own().find(({ kind }) => kind === 'answer'), 'commands');
  const ending = await endingOf(viewer, last.episodeId);
  host.command({ viewer, command: null });
  const taken = unpackCommands(answer.kind === 'answer' ? answer.packed : null);
  if (!taken) throw new Error('expected commands that can be read');
  const start = task.sampleInitialState(startSeed('evaluation', SEED, request.episode ?? 0));
  const episode = Episode.create(rapier, task, start);
  playRows(episode, taken.commands);
  const { hash } = episode;
  episode.free();
  return { ending, replayed: hash };
}

/** What a stage says of how an episode ended. */
async function endingOf(viewer: string, episodeId: number): Promise<Ending | null> {
  host.command({
    viewer,
    ask: { id: 2, inquiry: { kind: 'ending', episodeId, lane: 0, step: 0 } },
  });
  const answer = await until(
    () => said.find((each) => each.viewer === viewer && 'ask' in each && each.ask === 2),
    'an ending',
  );
  return answer.kind === 'answer' ? unpackEnding(answer.packed) : null;
}

it.each(CELLS)('ends in the hash of start $start, noise $noise', async ({ start, noise }) => {
  const rollout = rolledOut.find((each) => each.start === start && each.noise === noise);
  if (!rollout) throw new Error('expected the rollout of that cell');
  const request = { episode: start, noise, batch: BATCH };
  const { ending, replayed } = await endOnStage(`grid ${noise}`, request, rollout.steps);
  const { steps, replayHash: hash } = rollout;
  expect(ending).toEqual({ steps, hash, assisted: false });
  expect(replayed).toBe(hash);
});

it('ends in the hash of plans that come late and go on from one another', async () => {
  const { steps, replayHash: hash, start, noise } = delayed;
  const request = { episode: start, noise, batch: BATCH, chunking: CHUNKING };
  const { ending, replayed } = await endOnStage('late', request, steps);
  expect(ending).toEqual({ steps, hash, assisted: false });
  expect(replayed).toBe(hash);
  expect(hash).not.toBe(rolledOut[1].replayHash);
});

it('is another with the noise that an episode has of itself', async () => {
  const [, { steps, replayHash }] = rolledOut;
  const { ending, replayed } = await endOnStage('alone', { episode: 2, noise: 3 }, steps);
  expect(replayed).not.toBe(replayHash);
  expect(ending?.hash).not.toBe(replayHash);
});

it('moves the ball as it was moved where something is perturbed, and hands over no arm', async () => {
  const [, { start, noise }] = CELLS;
  const viewer = 'perturbed';
  const settings = stageSettingsSchema.parse({
    lanes: [{ policy: FLOW, sampler: 'euler', nfe: 2 }],
    ...{ seed: SEED, actionHorizon: 8, fan: 2, speed: 8, episode: start, noise, batch: BATCH },
    perturb: formatPerturbation(PERTURBATION),
  });
  host.command({ viewer, command: { kind: 'set', settings } });
  const own = () => said.filter((each) => each.viewer === viewer);
  const last = perturbedBall.length - 1;
  const frames = await until(() => {
    const seen = own().flatMap((each) => (each.kind === 'frame' ? [frameOf(each.packed)] : []));
    return seen.some(({ step }) => step >= last) ? seen : undefined;
  }, 'the control step at which the rollout ended');
  const played = frames.filter(({ step }) => step <= last);
  expect(played.map(({ step, lanes }) => [step, Array.from(lanes[0].objects[0])])).toEqual(
    played.map(({ step }) => [step, perturbedBall[step]]),
  );
  expect(perturbedBall[last].slice(0, 2)).not.toEqual(perturbedBall[0].slice(0, 2));
  const inquiry = { kind: 'commands', episodeId: frames[0].episodeId, lane: 0, step: 5 } as const;
  host.command({ viewer, ask: { id: 1, inquiry } });
  const refusal = await until(() => own().find(({ kind }) => kind === 'refusal'), 'a refusal');
  const ending = await endingOf(viewer, frames[0].episodeId);
  host.command({ viewer, command: null });
  expect(ending?.hash).toBe(perturbed.replayHash);
  expect(refusal).toMatchObject({ error: { code: 'conflict' } });
});
