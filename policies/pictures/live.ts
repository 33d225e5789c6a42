import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { textSize } from '../config/condition-inputs.ts';
import type { PictureSpec } from '../config/picture.ts';
import type { Engine, Program } from '../engine/types.ts';
import { Random } from '../random.ts';
import { type Answer, followPlan } from '../samplers/follow.ts';
import type { SamplerPlan } from '../samplers/sampler.ts';
import { Reader } from '../text/reader.ts';
import type { StepReport, Trainer } from '../training/trainer.ts';
import { LiveExamples, type OwnPicture } from './live-examples.ts';
import { LIVE_SIZE, LIVE_STEPS } from './live-size.ts';
import { picturePlan } from './plan.ts';
import { PICTURE_TRAINING, pictureSpec } from './presets.ts';
import { createPictureNetwork, pictureShape } from './spec.ts';
import { type Examples, trainOnWindows } from './train.ts';

/** Euler steps of a drawing. */
const CALLS = 8;
/** The streams of a seed that noise of drawings comes from. */
const DRAWN = 401;

/**
 * A flow small enough to be learnt in a page: places of 2 × 2 pixels, two levels.
 *
 * @param words of a caption, at most
 */
export function liveSpec(vocabulary: readonly string[], words: number): PictureSpec {
  const { objective, network, caption } = pictureSpec({
    ...{ method: 'flow', size: LIVE_SIZE, patch: 2, channels: [16, 32] },
    ...{ vocabulary, words },
  });
  return {
    size: LIVE_SIZE,
    objective,
    network: { ...network, embedding: 32 },
    caption: { ...caption, width: 32 },
  };
}

export interface LiveOptions {
  readonly seed: number;
  /** Pictures that are drawn at once. */
  readonly batch: number;
  /** Of the whole training: its rate falls to zero with the last. @default LIVE_STEPS */
  readonly steps?: number;
}

/** What a painter in training is put together from. */
interface Parts {
  readonly trainer: Trainer;
  readonly examples: LiveExamples;
  readonly reader: Reader;
  /** What the network answers to pictures, with the weights of any moment. */
  readonly answer: Program;
  readonly plan: SamplerPlan;
  readonly options: LiveOptions;
}

/** A painter in training, with which pictures can be drawn as it stands. */
export class LivePainter {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @throws InstructionError for a caption that is too long
   * @cost about 3 s in a page: two programs are traced
   */
  static async create(
    engine: Engine,
    spec: PictureSpec,
    examples: Examples,
    options: LiveOptions,
  ): Promise<LivePainter> {
    const { seed, batch, steps = LIVE_STEPS } = options;
    const network = createPictureNetwork(spec);
    const shape = pictureShape(spec);
    const reader = await Reader.create(spec.caption.text);
    const learnt = await LiveExamples.create(examples, reader);
    const trainer = await trainOnWindows(engine, spec, learnt.windows, {
      config: {
        ...PICTURE_TRAINING,
        seed,
        steps,
        batch: 16,
        learningRate: 3e-3,
        warmupSteps: 50,
        emaDecay: 0.99,
      },
    });
    // Weights are an input: those of every moment are drawn with by one program.
    const answer = await engine.compile(
      function answer(inputs) {
        const given = {
          actions: inputs.actions as Tensor3D,
          time: inputs.time as Tensor1D,
          text: inputs.text as Tensor2D,
          observation: tf.zeros<tf.Rank.R2>([batch, 0]),
        };
        return { answer: network.apply(network.table.unpack(inputs.weights), given) };
      },
      [
        { name: 'weights', shape: [network.table.size] },
        { name: 'actions', shape: [batch, shape.horizon, shape.actionDim] },
        { name: 'time', shape: [batch] },
        { name: 'text', shape: [batch, textSize(spec.caption.text)] },
      ],
    );
    const plan = picturePlan(spec.objective, { kind: 'euler', steps: CALLS });
    return new LivePainter({ trainer, examples: learnt, reader, answer, plan, options });
  }

  /** Made so far. */
  get steps(): number {
    return this.#parts.trainer.steps;
  }

  /**
   * @throws TrainingDivergedError as `Trainer.step`
   * @cost 65 ms in a page on one core
   */
  step(): Promise<StepReport> {
    return this.#parts.trainer.step();
  }

  /**
   * Pictures of captions, each time from the same noise: what changes is what was learnt.
   *
   * @param captions one for each of the batch
   * @param guidance w
   * @returns        [batch, size, size, 3], in ±1 but for what was not learnt
   * @throws InstructionError for a caption that is too long
   */
  async draw(captions: readonly string[], guidance: number): Promise<Float32Array> {
    const { trainer, examples, reader, answer: program, plan } = this.#parts;
    const { seed, batch } = this.#parts.options;
    const told = await reader.readAll(captions, batch);
    const silent = await reader.readAll([], batch);
    const weights = trainer.state().vectors.ema;
    const numbers = examples.windows.chunks.length / examples.windows.count;
    const start = new Float32Array(batch * numbers);
    for (let row = 0; row < batch; row++) {
      Random.of(seed, DRAWN, row).fillNormal(start.subarray(row * numbers, (row + 1) * numbers));
    }
    const ask = async (x: Float64Array, at: number, text: Float32Array) => {
      const time = new Float32Array(batch).fill(at);
      const actions = Float32Array.from(x);
      return (await program.run({ weights, actions, time, text })).answer;
    };
    const answer: Answer = async (x, time) => {
      if (guidance === 0 || guidance === 1) {
        return Float64Array.from(await ask(x, time, guidance === 0 ? silent : told));
      }
      const without = await ask(x, time, silent);
      const heard = await ask(x, time, told);
      return Float64Array.from(without, (u, i) => u + guidance * (heard[i] - u));
    };
    const path = await followPlan(plan, answer, Float64Array.from(start), () => 0);
    return Float32Array.from(path[path.length - 1]);
  }

  /** From the next step on these are among what is learnt, as `LiveExamples.put`. */
  learnAlso(own: readonly OwnPicture[]): Promise<void> {
    return this.#parts.examples.put(own);
  }

  async dispose(): Promise<void> {
    await this.#parts.trainer.dispose();
    await this.#parts.answer.dispose();
  }
}
