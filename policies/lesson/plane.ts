import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import type { Engine, Program } from '../engine/index.ts';
import { createMlp } from '../networks/mlp.ts';
import { createObjective } from '../objectives/index.ts';
import { Random } from '../random.ts';
import { compileSampler } from '../samplers/compile.ts';
import type { Answer } from '../samplers/follow.ts';
import { createPlan } from '../samplers/index.ts';
import type { ObjectiveSpec } from '../spec/policy.ts';
import type { SamplerSpec } from '../spec/sampler.ts';
import type { Flow } from '../training/reflow.ts';
import { stateFrom, Trainer } from '../training/trainer.ts';
import type { TrainingWindows } from '../training/windows.ts';

/** Chunks of one action with two components, and an observation that says nothing. */
const SHAPE = { horizon: 1, actionDim: 2, observationDim: 1 };
const NETWORK = createMlp({ ...SHAPE, widths: [64, 64, 64], embedding: 32 });
export const PLANE_BATCH = 512;
/** Independent streams of the lesson's seed, beside those of training. */
export const PLANE_STREAM = { data: 101, path: 102, drawn: 103 } as const;

/** A policy whose chunks are points of the plane. */
export interface PlanePolicy extends Flow {
  readonly objective: ObjectiveSpec;
}

/** Points [n, 2], and the noise each is joined with where it has one of its own. */
export function planeWindows(points: Float32Array, noise?: Float32Array): TrainingWindows {
  const count = points.length / 2;
  const observations = new Float32Array(count);
  return { count, observations, chunks: points, ...(noise && { noise }) };
}

/**
 * Trains a small network on points of the plane, as policies are trained on chunks.
 *
 * @param weights where to start; from the seed where they are left out
 * @cost about 2 ms a step
 */
export async function trainInPlane(
  engine: Engine,
  objective: ObjectiveSpec,
  windows: TrainingWindows,
  { steps, seed, weights }: { steps: number; seed: number; weights?: Float32Array },
): Promise<PlanePolicy> {
  const trainer = await Trainer.create({
    engine,
    network: NETWORK,
    shape: SHAPE,
    objective: createObjective(objective),
    windows,
    config: {
      steps,
      seed,
      batch: PLANE_BATCH,
      learningRate: 2e-2,
      warmupSteps: 50,
      weightDecay: 0,
      clipNorm: 1,
      emaDecay: 0.99,
    },
    ...(weights && { state: stateFrom(weights) }),
  });
  try {
    while (trainer.steps < steps) await trainer.step();
    const { ema } = trainer.state().vectors;
    return { objective, network: NETWORK, shape: SHAPE, weights: ema };
  } finally {
    await trainer.dispose();
  }
}

/**
 * Draws points with one of the policy's samplers.
 *
 * @param noisy start from noise, or from (0, 0). @default true, but for a regression
 * @returns [count, 2]
 */
export async function drawInPlane(
  engine: Engine,
  { objective, weights }: PlanePolicy,
  sampler: SamplerSpec,
  {
    count,
    seed,
    noisy = objective.kind !== 'regression',
  }: { count: number; seed: number; noisy?: boolean },
): Promise<Float32Array> {
  const compiled = await compileSampler(engine, {
    network: NETWORK,
    weights,
    plan: createPlan(objective, sampler),
    batch: count,
    chunk: [SHAPE.horizon, SHAPE.actionDim],
    observationSize: SHAPE.observationDim,
    noisy,
  });
  try {
    const streams = Array.from({ length: count }, (_, i) => Random.of(seed, PLANE_STREAM.drawn, i));
    return await compiled.draw(new Float32Array(count), streams);
  } finally {
    await compiled.dispose();
  }
}

/** The network's bare answer at points [count, 2], each at its own time. */
export class PlaneField {
  readonly #program: Program;
  readonly #count: number;

  private constructor(program: Program, count: number) {
    this.#program = program;
    this.#count = count;
  }

  static async create(engine: Engine, { weights }: PlanePolicy, count: number) {
    const program = await engine.compile(
      function answer({ points, time }) {
        const parameters = NETWORK.table.unpack(tf.tensor1d(weights));
        const input = {
          actions: points as Tensor3D,
          time: time as Tensor1D,
          observation: tf.zeros<tf.Rank.R2>([count, 1]),
        };
        return { answer: NETWORK.apply(parameters, input) };
      },
      [
        { name: 'points', shape: [count, 1, 2] },
        { name: 'time', shape: [count] },
      ],
    );
    return new PlaneField(program, count);
  }

  async at(points: Float32Array, time: Float32Array): Promise<Float32Array> {
    return (await this.#program.run({ points, time })).answer;
  }

  /** As a plan asks for it: all points at one time. */
  readonly answer: Answer = async (x, time) => {
    const times = new Float32Array(this.#count).fill(time);
    return Float64Array.from(await this.at(Float32Array.from(x), times));
  };

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }
}
