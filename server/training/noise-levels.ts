import tf from '#tensorflow';
import type { Demonstration } from '../../demos/demonstration.ts';
import type { Dataset } from '../../demos/store/index.ts';
import { trainingWindows } from '../../demos/windows.ts';
import { type Engine, type Program, sizeOf } from '../../policies/engine/types.ts';
import { pathOf } from '../../policies/methods/index.ts';
import type { TrainedPolicy } from '../../policies/network-policy.ts';
import { createNetwork, networkShape } from '../../policies/networks/create.ts';
import type { Path } from '../../policies/paths.ts';
import { Random } from '../../policies/random.ts';
import type { PretrainedEncoder } from '../../policies/text/encoder.ts';
import { createObjective } from '../../policies/training/objective.ts';
import { batchInputs, batchOf } from '../../policies/training/step.ts';
import { type TrainingWindows, takeWindow } from '../../policies/training/windows.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { NoiseBin, NoiseLevels, NoiseLevelsRequest } from '../protocol/lesson.ts';
import { nameOfSource, runOf } from '../protocol/sources.ts';
import { mean } from '../statistics.ts';
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
): Promise<Pick<NoiseLevels, 'objective' | 'prediction' | 'draws' | 'bins'>> {
  const { spec } = policy;
  const { objective } = spec;
  const levels = noisingPathOf(policy).bins(bins);
  const windows = {
    ...trainingWindows(demonstrations, normalizersLike(policy), spec),
    ...(await conditionWindows(demonstrations, spec, { pretrained })),
  };
  const program = await compileLoss(engine, policy);
  try {
    const losses = levels.map((): number[] => []);
    for (let batch = 0; batch < BATCHES; batch++) {
      const random = Random.of(SEED, batch);
      const inputs = drawBatch(policy, windows, random);
      const parts = Float32Array.from({ length: BATCH }, () => random.uniform());
      for (const [i, level] of levels.entries()) {
        const time = parts.map((part) => level.time(part));
        losses[i].push((await program.run({ ...inputs, time })).loss[0]);
      }
    }
    return {
      objective: objective.kind === 'diffusion' ? 'diffusion' : 'flow',
      prediction: objective.kind === 'diffusion' ? objective.prediction : null,
      draws: BATCH * BATCHES,
      bins: levels.map(({ from, to }, i): NoiseBin => ({ from, to, ...meanOf(losses[i]) })),
    };
  } finally {
    await program.dispose();
  }
}

/** @throws ProtocolError 'conflict' for a policy that noises nothing */
function noisingPathOf({ spec }: TrainedPolicy): Path {
  const path = pathOf(spec.objective);
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

function compileLoss(engine: Engine, { spec, weights, ...dims }: TrainedPolicy): Promise<Program> {
  const shape = networkShape(spec, dims);
  const network = createNetwork(spec, shape);
  const objective = createObjective(spec.objective);
  return engine.compile(
    function lossAtLevel(inputs) {
      const parameters = network.table.unpack(tf.tensor1d(weights));
      return { loss: objective.loss(network, parameters, batchOf(inputs)) };
    },
    batchInputs(BATCH, shape),
  );
}

/** Windows drawn with replacement, and noise; the time is left to be said. */
function drawBatch(
  { spec, ...dims }: TrainedPolicy,
  windows: TrainingWindows,
  random: Random,
): Record<string, Float32Array> {
  const empty = (shape: readonly number[]) => new Float32Array(sizeOf(shape));
  const inputs = Object.fromEntries(
    batchInputs(BATCH, networkShape(spec, dims)).map(({ name, shape }) => [name, empty(shape)]),
  );
  const { observation, actions, noise, text, image } = inputs;
  const rows = { observation, actions, noise, ...(image && { image }) };
  random.fillNormal(noise);
  for (let row = 0; row < BATCH; row++) {
    const window = random.below(windows.count);
    takeWindow(windows, window, rows, { row, batch: BATCH });
    const told = windows.text;
    if (told) text.set(told.rows[told.of[window]], (row * text.length) / BATCH);
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
