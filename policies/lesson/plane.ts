import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { ObjectiveSpec } from '../config/objective.ts';
import type { Engine, Program } from '../engine/index.ts';
import { createMlp } from '../networks/mlp.ts';
import type { Answer } from '../samplers/follow.ts';
import { createObjective } from '../training/objective.ts';
import type { Flow } from '../training/reflow.ts';
import { stateFrom, Trainer } from '../training/trainer.ts';
import type { TrainingWindows } from '../training/windows.ts';

/** Chunks of one action with two components, and an observation that says nothing. */
export const PLANE_SHAPE = { horizon: 1, actionDim: 2, observationDim: 1 };
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

/** How a policy of the plane is trained. */
export interface PlaneTraining {
  readonly steps: number;
  readonly seed: number;
  /** Width of each hidden layer. @default [64, 64, 64] */
  readonly widths?: readonly number[];
  /** @default PLANE_BATCH */
  readonly batch?: number;
  /** Where to start; from the seed where they are left out. */
  readonly weights?: Float32Array;
}

/** A policy of the plane in training. */
export class PlaneTrainer {
  readonly #trainer: Trainer;
  readonly #untrained: Omit<PlanePolicy, 'weights'>;

  private constructor(trainer: Trainer, untrained: Omit<PlanePolicy, 'weights'>) {
    this.#trainer = trainer;
    this.#untrained = untrained;
  }

  static async create(
    engine: Engine,
    objective: ObjectiveSpec,
    windows: TrainingWindows,
    { steps, seed, widths = [64, 64, 64], batch = PLANE_BATCH, weights }: PlaneTraining,
  ): Promise<PlaneTrainer> {
    const network = createMlp({ ...PLANE_SHAPE, widths, embedding: 32 });
    const trainer = await Trainer.create({
      engine,
      network,
      shape: PLANE_SHAPE,
      objective: createObjective(objective),
      windows,
      config: {
        steps,
        seed,
        batch,
        learningRate: 2e-2,
        warmupSteps: 50,
        weightDecay: 0,
        clipNorm: 1,
        emaDecay: 0.99,
      },
      ...(weights && { state: stateFrom(weights) }),
    });
    return new PlaneTrainer(trainer, { objective, network, shape: PLANE_SHAPE });
  }

  /** Steps made so far. */
  get steps(): number {
    return this.#trainer.steps;
  }

  /** Makes one step; its loss. */
  async step(): Promise<number> {
    return (await this.#trainer.step()).loss;
  }

  /** The policy as it is now, with EMA weights. */
  policy(): PlanePolicy {
    return { ...this.#untrained, weights: this.#trainer.state().vectors.ema };
  }

  dispose(): Promise<void> {
    return this.#trainer.dispose();
  }
}

/**
 * Trains a small network on points of the plane, as policies are trained on chunks.
 *
 * @cost about 2 ms a step
 */
export async function trainInPlane(
  engine: Engine,
  objective: ObjectiveSpec,
  windows: TrainingWindows,
  training: PlaneTraining,
): Promise<PlanePolicy> {
  const trainer = await PlaneTrainer.create(engine, objective, windows, training);
  try {
    while (trainer.steps < training.steps) await trainer.step();
    return trainer.policy();
  } finally {
    await trainer.dispose();
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

  static async create(engine: Engine, { network, weights }: PlanePolicy, count: number) {
    const program = await engine.compile(
      function answer({ points, time }) {
        const parameters = network.table.unpack(tf.tensor1d(weights));
        const input = {
          actions: points as Tensor3D,
          time: time as Tensor1D,
          observation: tf.zeros<tf.Rank.R2>([count, 1]),
        };
        return { answer: network.apply(parameters, input) };
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
