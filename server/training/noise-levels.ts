import tf from '#tensorflow';
import type { Demonstration } from '../../demos/demonstration.ts';
import type { Dataset } from '../../demos/store/index.ts';
import { trainingWindows } from '../../demos/windows.ts';
import type { ObjectiveSpec } from '../../policies/config/index.ts';
import { type Engine, type Program, sizeOf } from '../../policies/engine/types.ts';
import { pathOf } from '../../policies/methods/index.ts';
import type { TrainedPolicy } from '../../policies/network-policy.ts';
import { createNetwork, networkShape } from '../../policies/networks/create.ts';
import type { Network } from '../../policies/networks/network.ts';
import type { NetworkShape } from '../../policies/networks/shape.ts';
import type { Path } from '../../policies/paths.ts';
import { Random } from '../../policies/random.ts';
import type { PretrainedEncoder } from '../../policies/text/encoder.ts';
import { createObjective } from '../../policies/training/objective.ts';
import { batchInputs, batchOf } from '../../policies/training/step.ts';
import { type TrainingWindows, takeWindow } from '../../policies/training/windows.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { NoiseBin, NoiseLevels, NoiseLevelsRequest } from '../protocol/lesson.ts';
import { nameOfSource, runOf } from '../protocol/sources.ts';
import { mean } from '../statistics/index.ts';
import { loadPolicy } from '../storage/open-policy.ts';
import { encoderFor } from '../storage/text-encoder.ts';
import type { Workspace } from '../storage/workspace.ts';
import { normalizersLike } from './origin.ts';
import { conditionWindows } from './train.ts';

/** Episodes looked at, evenly spread over the dataset: 3,000 windows or so. */
const EPISODES = 40;
const BATCH = 32;
const BATCHES = 16;
const SEED = 0;

/**
 * A policy's loss by noise level on its demonstrations.
 *
 * @throws ProtocolError 'conflict' for a policy that noises nothing, or acts in another task than
 *         the dataset's; 'invalid-request' where no dataset is known; what loading throws
 */
export async function measureNoiseLevels(
  workspace: Workspace,
  engine: Engine,
  { policy: source, dataset: wanted, bins }: NoiseLevelsRequest,
): Promise<NoiseLevels> {
  const policy = await loadPolicy(workspace, source);
  const id = runOf(source);
  const run = id === null ? null : await workspace.runs.read(id);
  const name = wanted ?? run?.dataset.name;
  if (name === undefined) {
    throw new ProtocolError(
      'invalid-request',
      'dataset: expected one to measure on, got none; demonstrations of policies that ship do not',
    );
  }
  const pretrained = await encoderFor(workspace.place, policy.spec.condition?.text);
  const dataset = await workspace.datasets.open(name);
  checkFits(policy, dataset);
  const demonstrations = await readSpread(dataset, EPISODES);
  return {
    policy: nameOfSource(source),
    ...(await lossByNoiseLevel(engine, policy, demonstrations, bins, pretrained)),
    dataset: name,
    episodes: demonstrations.length,
  };
}

/**
 * The training loss at each noise level, on the same windows and noise at each.
 *
 * @param pretrained where the policy reads with an encoder from outside
 * @throws ProtocolError 'conflict' for a policy that noises nothing
 * @cost 16 network calls of 32 windows a bin
 */
export async function lossByNoiseLevel(
  engine: Engine,
  policy: TrainedPolicy,
  demonstrations: readonly Demonstration[],
  bins: number,
  pretrained?: PretrainedEncoder,
): Promise<MeasuredLevels> {
  const { spec, weights, ...dims } = policy;
  const shape = networkShape(spec, dims);
  const learner = {
    ...{ shape, weights },
    objective: spec.objective,
    network: createNetwork(spec, shape),
  };
  // A regression has no levels, and its windows are not wanted.
  noisingPathOf(learner);
  const windows = {
    ...trainingWindows(demonstrations, normalizersLike(policy), spec),
    ...(await conditionWindows(demonstrations, spec, { pretrained })),
  };
  return lossByLevel(engine, learner, windows, { bins, batch: BATCH, batches: BATCHES });
}

export type MeasuredLevels = Pick<NoiseLevels, 'objective' | 'prediction' | 'draws' | 'bins'>;

/** What has learnt from noised chunks: a policy, or what draws pictures. */
export interface Learner {
  readonly network: Network;
  readonly shape: NetworkShape;
  readonly objective: ObjectiveSpec;
  readonly weights: Float32Array;
}

interface LevelDraws {
  readonly bins: number;
  /** Windows of a network call, and calls a bin. */
  readonly batch: number;
  readonly batches: number;
  /** Awaited before each call; what it throws ends the measuring. */
  before?(): Promise<void>;
}

/**
 * The training loss at each noise level, on the same windows and noise at each.
 *
 * @throws ProtocolError 'conflict' for what noises nothing
 */
export async function lossByLevel(
  engine: Engine,
  learner: Learner,
  windows: TrainingWindows,
  { bins, batch, batches, before }: LevelDraws,
): Promise<MeasuredLevels> {
  const { objective } = learner;
  const levels = noisingPathOf(learner).bins(bins);
  const program = await compileLoss(engine, learner, batch);
  try {
    const losses = levels.map((): number[] => []);
    for (let drawn = 0; drawn < batches; drawn++) {
      const random = Random.of(SEED, drawn);
      const inputs = drawBatch(learner.shape, windows, random, batch);
      const parts = Float32Array.from({ length: batch }, () => random.uniform());
      for (const [i, level] of levels.entries()) {
        await before?.();
        const time = parts.map((part) => level.time(part));
        losses[i].push((await program.run({ ...inputs, time })).loss[0]);
      }
    }
    return {
      objective: objective.kind === 'diffusion' ? 'diffusion' : 'flow',
      prediction: objective.kind === 'diffusion' ? objective.prediction : null,
      draws: batch * batches,
      bins: levels.map(({ from, to }, i): NoiseBin => ({ from, to, ...meanOf(losses[i]) })),
    };
  } finally {
    await program.dispose();
  }
}

/** @throws ProtocolError 'conflict' for what noises nothing */
function noisingPathOf({ objective }: Pick<Learner, 'objective'>): Path {
  const path = pathOf(objective);
  if (path) return path;
  throw new ProtocolError(
    'conflict',
    'expected a policy that learns from noised chunks, got a regression; name a diffusion or a flow',
  );
}

function checkFits({ spec }: TrainedPolicy, { info }: Dataset): void {
  if (spec.task === info.task && spec.controlHz === info.controlHz) return;
  throw new ProtocolError(
    'conflict',
    `dataset ${info.name}: expected ${spec.task} at ${spec.controlHz} Hz as the policy, got ` +
      `${info.task} at ${info.controlHz} Hz`,
  );
}

async function readSpread(dataset: Dataset, most: number): Promise<Demonstration[]> {
  const { episodes } = dataset.info;
  if (episodes === 0) {
    throw new ProtocolError('conflict', `dataset ${dataset.name}: expected an episode, got none`);
  }
  const count = Math.min(most, episodes);
  const read: Demonstration[] = [];
  for (let i = 0; i < count; i++) read.push(await dataset.read(Math.floor((i * episodes) / count)));
  return read;
}

function compileLoss(
  engine: Engine,
  { network, shape, objective: spec, weights }: Learner,
  batch: number,
): Promise<Program> {
  const objective = createObjective(spec);
  return engine.compile(
    function lossAtLevel(inputs) {
      const parameters = network.table.unpack(tf.tensor1d(weights));
      return { loss: objective.loss(network, parameters, batchOf(inputs)) };
    },
    batchInputs(batch, shape),
  );
}

/** Windows drawn with replacement, and noise; the time is left to be said. */
function drawBatch(
  shape: NetworkShape,
  windows: TrainingWindows,
  random: Random,
  batch: number,
): Record<string, Float32Array> {
  const empty = (shape: readonly number[]) => new Float32Array(sizeOf(shape));
  const inputs = Object.fromEntries(
    batchInputs(batch, shape).map(({ name, shape }) => [name, empty(shape)]),
  );
  const { observation, actions, noise, text, image } = inputs;
  const rows = { observation, actions, noise, ...(image && { image }) };
  random.fillNormal(noise);
  for (let row = 0; row < batch; row++) {
    const window = random.below(windows.count);
    takeWindow(windows, window, rows, { row, batch });
    const told = windows.text;
    if (told) text.set(told.rows[told.of[window]], (row * text.length) / batch);
  }
  return inputs;
}

/** Mean of the batches, and its standard error. */
function meanOf(values: readonly number[]): Pick<NoiseBin, 'loss' | 'standardError'> {
  const loss = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - loss) ** 2, 0);
  const variance = squares / (values.length - 1);
  return { loss, standardError: Math.sqrt(variance / values.length) };
}
