import { type ConditionSpec, checkGuidance, imageSize } from './config/condition.ts';
import type { PolicySpec } from './config/policy.ts';
import type { Engine } from './engine/index.ts';
import { createNetwork, networkShape } from './networks/create.ts';
import { Normalizer, type Range } from './normalizer.ts';
import { toPixels } from './pixels.ts';
import type { Random } from './random.ts';
import {
  type CompiledSampler,
  compileSampler,
  type Drawn,
  type GivenRows,
  type SamplerSetup,
} from './samplers/compile.ts';
import { inpaintingSteps, type KnownActions } from './samplers/inpainting.ts';
import type { SamplerPlan } from './samplers/sampler.ts';
import type { EncodedText, PretrainedEncoder } from './text/encoder.ts';
import { Reader } from './text/reader.ts';
import { InstructionError } from './text/tokenizer.ts';

/** A trained policy: what a checkpoint holds of it. */
export interface TrainedPolicy {
  readonly spec: PolicySpec;
  /** Components of one control step's observation, Do, and of an action, Da. */
  readonly observationDim: number;
  readonly actionDim: number;
  readonly observationRange: Range;
  readonly actionRange: Range;
  /** EMA weights, flat. */
  readonly weights: Float32Array;
}

/** What one call of a planner took, ms. */
export interface DrawTimes {
  readonly normalize: number;
  /** All network evaluations, the drawing of noise included. */
  readonly network: number;
  readonly denormalize: number;
}

/** What may be chosen about a planner besides its sampler. */
export interface PlannerOptions {
  /**
   * w of classifier-free guidance: 0 ignores the instruction, 1 follows it, above 1 exaggerates
   * what it changes. @default 1
   */
  readonly guidance?: number;
  /** Chunks go on from `Told.known`. @default false */
  readonly inpainting?: boolean;
  /** Keep what the network looks at, for `drawLooking`. @default false */
  readonly attention?: boolean;
  /** For a policy that reads with an encoder from outside. */
  readonly pretrained?: PretrainedEncoder;
}

/** What the rows of a batch are told and see, besides numbers. */
export interface Told {
  /** Rows beyond the last are told nothing. */
  readonly instructions?: readonly string[];
  /** The camera's picture of each row, [B, size, size, 3], 0 … 255. */
  readonly images?: Uint8Array;
  /** What each row goes on from, rad and m; only a planner made with `inpainting` regards it. */
  readonly known?: KnownActions;
}

/** Pictures a policy cannot take. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** A policy with a sampler, compiled for batches of one size. */
export class Planner {
  readonly policy: TrainedPolicy;
  readonly plan: SamplerPlan;
  readonly batch: number;
  readonly #sampler: CompiledSampler;
  readonly #observation: Normalizer;
  readonly #action: Normalizer;
  readonly #reader: Reader | null;

  private constructor(
    policy: TrainedPolicy,
    plan: SamplerPlan,
    sampler: CompiledSampler,
    reader: Reader | null,
  ) {
    this.#reader = reader;
    this.policy = policy;
    this.plan = plan;
    this.batch = sampler.batch;
    this.#sampler = sampler;
    this.#observation = new Normalizer(policy.observationRange);
    this.#action = new Normalizer(policy.actionRange);
  }

  /**
   * @throws SpecError for guidance of a policy that has not learnt to act without instruction, and
   *         for inpainting by a regression
   * @throws InstructionError without the pretrained encoder that the policy reads with
   * @cost 0.3 to 1 s: traces the sampler and builds its program
   */
  static async create(
    engine: Engine,
    policy: TrainedPolicy,
    plan: SamplerPlan,
    batch: number,
    { guidance = 1, inpainting = false, attention = false, pretrained }: PlannerOptions = {},
  ): Promise<Planner> {
    checkGuidance(policy.spec, guidance);
    const { condition } = policy.spec;
    const reader = condition ? await Reader.create(condition.text, pretrained) : null;
    const sampler = await compileSampler(engine, {
      ...samplerSetup(policy, plan, { batch, reader, guidance }),
      ...(inpainting && { inpainting: inpaintingSteps(policy.spec.objective, plan) }),
      attention,
      key: JSON.stringify([policy.spec, policy.observationDim, policy.actionDim]),
    });
    return new Planner(policy, plan, sampler, reader);
  }

  /**
   * Draws a chunk a row.
   *
   * @param observation [B, To, Do], physical units, oldest first; overwritten
   * @param streams     the rows' own noise, so that a row does not depend on the others; rows
   *                    beyond the last stream start from zero
   * @param told        what each row is told and sees
   * @returns           [B, Tp, Da], rad and m
   * @throws InstructionError for an instruction that is too long, or any where none is read
   * @throws ImageError for pictures of another size, or any where none is looked at
   */
  async draw(
    observation: Float32Array,
    streams: readonly Random[],
    told: Told = {},
  ): Promise<Float32Array> {
    return (await this.#draw(observation, streams, told)).chunk;
  }

  /** As `draw`, with what the network looked at in each of its evaluations. */
  async drawLooking(
    observation: Float32Array,
    streams: readonly Random[],
    told: Told = {},
  ): Promise<Drawn> {
    return this.#draw(observation, streams, told);
  }

  /**
   * How the policy reads an instruction: its tokens, and the words it does not know.
   *
   * @throws InstructionError as `draw`
   */
  async read(instruction: string): Promise<EncodedText> {
    if (!this.#reader) throw deaf(instruction);
    return this.#reader.read(instruction);
  }

  /** As `draw`, with the time each stage took. */
  async drawTimed(
    observation: Float32Array,
    streams: readonly Random[],
    told: Told = {},
  ): Promise<{ chunk: Float32Array; times: DrawTimes }> {
    return this.#draw(observation, streams, told);
  }

  async #draw(
    observation: Float32Array,
    streams: readonly Random[],
    told: Told,
  ): Promise<Drawn & { times: DrawTimes }> {
    const began = performance.now();
    this.#observation.normalize(observation);
    const normalized = performance.now();
    const given = { ...(await this.#conditionOf(told)), ...this.#knownOf(told) };
    const { chunk, attention } = await this.#sampler.drawLooking(observation, streams, given);
    const drawn = performance.now();
    this.#action.denormalize(chunk);
    const times = {
      normalize: normalized - began,
      network: drawn - normalized,
      denormalize: performance.now() - drawn,
    };
    return { chunk, attention, times };
  }

  async #conditionOf({ instructions = [], images }: Told): Promise<GivenRows> {
    const { condition } = this.policy.spec;
    const size = condition ? imageSize(condition) : 0;
    const expected = size * this.batch;
    if ((images?.length ?? 0) !== expected) throw wrongImages(condition, this.batch, images);
    if (this.#reader) {
      const text = await this.#reader.readAll(instructions, this.batch);
      return images ? { text, image: toPixels(images, new Float32Array(expected)) } : { text };
    }
    const spoken = instructions.find((instruction) => instruction !== '');
    if (spoken !== undefined) throw deaf(spoken);
    return {};
  }

  #knownOf({ known }: Told): GivenRows {
    if (!known) return {};
    return { known: this.#action.normalize(known.actions.slice()), weight: known.weight };
  }

  async dispose(): Promise<void> {
    await this.#sampler.dispose();
  }
}

/**
 * What a policy makes of a plan of network evaluations.
 *
 * @param reader of a policy that reads
 */
export function samplerSetup(
  { spec, weights, ...dimensions }: TrainedPolicy,
  plan: SamplerPlan,
  { batch, reader, guidance }: { batch: number; reader: Reader | null; guidance: number },
): SamplerSetup {
  const shape = networkShape(spec, dimensions);
  return {
    network: createNetwork(spec, shape),
    weights,
    plan,
    batch,
    chunk: [shape.horizon, shape.actionDim],
    observationSize: shape.observationDim,
    // A regression was trained on blank noise: its answer must not depend on any.
    noisy: spec.objective.kind !== 'regression',
    textSize: reader ? reader.silence.length : 0,
    imageSize: spec.condition ? imageSize(spec.condition) : 0,
    ...(reader && { guidance: { scale: guidance, silence: reader.silence } }),
  };
}

function deaf(instruction: string): InstructionError {
  return new InstructionError(
    `instruction: this policy reads none, got "${instruction.slice(0, 80)}"; train one on a task ` +
      'with a language',
  );
}

function wrongImages(
  condition: ConditionSpec | undefined,
  batch: number,
  images: Uint8Array | undefined,
): ImageError {
  const image = condition?.image;
  const expected = image
    ? `${batch} pictures of ${image.size} × ${image.size} × 3 bytes`
    : 'no pictures for a policy without a camera';
  return new ImageError(`image: expected ${expected}, got ${images?.length ?? 0} bytes`);
}
