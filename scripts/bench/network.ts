import { analyze, type Engine } from '../../policies/engine/index.ts';
import { createUNet, type UNetConfig } from '../../policies/networks/unet.ts';
import { noiseOfRows, Random } from '../../policies/random.ts';
import {
  compileSampler,
  type SamplerSetup,
  samplerFunction,
} from '../../policies/samplers/compile.ts';
import { euler } from '../../policies/samplers/euler.ts';
import { createObjective } from '../../policies/training/objective.ts';
import { stepInputs, trainingStep } from '../../policies/training/step.ts';
import { Trainer, type TrainerConfig } from '../../policies/training/trainer.ts';
import type { BenchCase, Work } from './in-turns.ts';
import type { PeerPlan } from './peer.ts';

/** Training steps or plans of a trajectory's U-Net. */
export interface NetworkCase {
  readonly kind: 'train' | 'infer';
  readonly channels: readonly number[];
  /** Tp */
  readonly horizon: number;
  readonly batch: number;
  /** Network evaluations of one plan. */
  readonly steps: number;
  readonly threads: number;
}

const ACTION_DIM = 8;
const OBSERVATION_DIM = 32;
const TRAINING: Omit<TrainerConfig, 'batch'> = {
  steps: 1_000_000,
  learningRate: 1e-3,
  warmupSteps: 100,
  weightDecay: 1e-6,
  clipNorm: 1,
  emaDecay: 0.995,
  seed: 0,
};

/** What `bench` measures of them. */
export function networkCase(shape: NetworkCase): BenchCase {
  const { kind, steps } = shape;
  const { kernel, groups, embedding, horizon, actionDim, observationDim, channels } = unetOf(shape);
  const plan = steps === 1 ? 'network call' : `flow plan, ${steps} steps`;
  return {
    ...shape,
    name: kind === 'train' ? 'training step' : plan,
    peer: {
      network: 'trajectory',
      channels,
      kernel,
      groups,
      embedding,
      horizon,
      actionDim,
      observationDim,
    },
    prepare: (engine) => prepare(engine, shape),
    plan: (engine) => drawPlan(engine, shape),
  };
}

function unetOf({ channels, horizon }: Pick<NetworkCase, 'channels' | 'horizon'>): UNetConfig {
  return {
    horizon,
    actionDim: ACTION_DIM,
    observationDim: OBSERVATION_DIM,
    channels,
    kernel: 5,
    groups: 8,
    embedding: 64,
  };
}

/** A plan of flow steps by an untrained network. */
export function samplerSetup(
  shape: Pick<NetworkCase, 'channels' | 'horizon' | 'batch' | 'steps'>,
): SamplerSetup {
  const network = createUNet(unetOf(shape));
  return {
    network,
    weights: network.table.initialize(Random.of(2)),
    plan: euler(shape.steps),
    batch: shape.batch,
    chunk: [shape.horizon, ACTION_DIM],
    observationSize: OBSERVATION_DIM,
    noisy: true,
  };
}

/** A plan by weights that are nowhere zero, which says whether a peer computes the same. */
async function drawPlan(engine: Engine, shape: NetworkCase): Promise<PeerPlan> {
  const { batch, horizon } = shape;
  const bare = samplerSetup(shape);
  const random = Random.of(4);
  const weights = bare.weights.map((weight) => weight + 0.05 * random.normal());
  const observation = random.fillNormal(new Float32Array(batch * OBSERVATION_DIM));
  const streams = () => Array.from({ length: batch }, (_, row) => Random.of(3, row));
  const sampler = await compileSampler(engine, { ...bare, weights });
  try {
    const { chunk } = await sampler.draw(observation, streams());
    return {
      parameters: bare.network.table.specs,
      ...{ weights, observation, chunk },
      noise: noiseOfRows(streams(), batch, horizon * ACTION_DIM),
    };
  } finally {
    await sampler.dispose();
  }
}

export async function prepare(
  engine: Engine,
  { kind, channels, horizon, batch, steps }: NetworkCase,
): Promise<Work> {
  const unet = unetOf({ channels, horizon });
  const network = createUNet(unet);
  const random = Random.of(1);
  const parameters = network.table.size;
  if (kind === 'train') {
    const count = 4 * batch;
    const windows = {
      count,
      observations: random.fillNormal(new Float32Array(count * OBSERVATION_DIM)),
      chunks: random.fillNormal(new Float32Array(count * horizon * ACTION_DIM)),
    };
    const config = { ...TRAINING, batch };
    const trainer = await Trainer.create({
      engine,
      network,
      shape: unet,
      objective: createObjective({ kind: 'flow' }),
      windows,
      config,
    });
    return {
      parameters,
      analysis: await analyze(
        trainingStep(network, createObjective({ kind: 'flow' }), config),
        stepInputs(network.table.size, batch, unet),
      ),
      call: () => trainer.step(),
      dispose: () => trainer.dispose(),
    };
  }
  const setup = samplerSetup({ channels, horizon, batch, steps });
  const sampler = await compileSampler(engine, setup);
  const { fn, inputs } = samplerFunction(setup);
  const observation = random.fillNormal(new Float32Array(batch * OBSERVATION_DIM));
  const streams = Array.from({ length: batch }, (_, row) => Random.of(3, row));
  return {
    parameters,
    analysis: await analyze(fn, inputs, { rows: batch }),
    call: () => sampler.draw(observation, streams),
    dispose: () => sampler.dispose(),
  };
}
