import { chooseSampler, nfeOf } from './config/choose-sampler.ts';
import { type ConditionSpec, canBeGuided, checkGuidance } from './config/condition.ts';
import { imageSize } from './config/condition-inputs.ts';
import type { PolicySpec } from './config/policy.ts';
import type { Engine } from './engine/index.ts';
import { type MethodName, pathOf } from './methods/index.ts';
import { createNetwork, networkShape } from './networks/create.ts';
import { Normalizer, type Range } from './normalizer.ts';
import { toPixels } from './pixels.ts';
import {
  type Abilities,
  type DrawnChunks,
  type DrawState,
  ImageError,
  type Planner,
  type PlannerOptions,
  type Policy,
  type PolicyDescription,
  type ReadInstruction,
  type Told,
} from './policy.ts';
import type { NoiseStream } from './random.ts';
import {
  type CompiledSampler,
  compileSampler,
  type GivenRows,
  type SamplerSetup,
} from './samplers/compile.ts';
import { inpaintingSteps } from './samplers/inpainting.ts';
import { createPlan } from './samplers/plan.ts';
import type { SamplerPlan } from './samplers/sampler.ts';
import type { SamplerState } from './samplers/states.ts';
import type { PretrainedEncoder } from './text/encoder.ts';
import { Reader } from './text/reader.ts';
import { InstructionError } from './text/tokenizer.ts';

/** A trained policy: what a checkpoint holds of it. */
export interface TrainedPolicy {
  /** What it was trained by. */
  readonly method: MethodName;
  readonly spec: PolicySpec;
  /** Components of one control step's observation, Do, and of an action, Da. */
  readonly observationDim: number;
  readonly actionDim: number;
  readonly observationRange: Range;
  readonly actionRange: Range;
  /** EMA weights, flat. */
  readonly weights: Float32Array;
}

/** A trained policy on an engine that runs its network. */
export class NetworkPolicy implements Policy {
  readonly trained: TrainedPolicy;
  readonly #engine: Engine;
  readonly #pretrained: PretrainedEncoder | undefined;

  /** @param pretrained for a policy that reads with an encoder from outside */
  constructor(engine: Engine, trained: TrainedPolicy, pretrained?: PretrainedEncoder) {
    this.trained = trained;
    this.#engine = engine;
    this.#pretrained = pretrained;
  }

  describe(): PolicyDescription {
    return describeTrained(this.trained);
  }

  /**
   * @throws SpecError for a sampler of other policies, for guidance of a policy that has not learnt to
   *         act without instruction, and for inpainting by a regression
   * @throws InstructionError without the pretrained encoder that the policy reads with
   * @cost 0.3 to 1 s: traces the sampler and builds its program
   */
  async prepare(
    batch: number,
    {
      sampler,
      guidance = 1,
      inpainting = false,
      attention = false,
      states = false,
      looped = false,
    }: PlannerOptions = {},
  ): Promise<Planner> {
    const { spec, observationDim, actionDim } = this.trained;
    const { condition, objective } = spec;
    checkGuidance(abilitiesOf(spec), guidance);
    const chosen = sampler ?? chooseSampler(objective);
    const plan = createPlan(objective, chosen);
    const reader = condition ? await Reader.create(condition.text, this.#pretrained) : null;
    const compiled = await compileSampler(this.#engine, {
      ...samplerSetup(this.trained, plan, { batch, reader, guidance }),
      ...(inpainting && { inpainting: inpaintingSteps(objective, plan) }),
      attention,
      states,
      ...(looped && { looped }),
      key: JSON.stringify([spec, observationDim, actionDim]),
    });
    return new NetworkPlanner(this.trained, {
      sampler: compiled,
      reader,
      nfe: nfeOf(chosen, objective, guidance),
    });
  }
}

/** What a checkpoint says of its policy. */
export function describeTrained({
  method,
  spec,
  observationDim,
  actionDim,
  weights,
}: TrainedPolicy): PolicyDescription {
  const { network: _, ...described } = spec;
  return {
    ...described,
    name: method,
    abilities: abilitiesOf(spec),
    observationDim,
    actionDim,
    parameters: weights.length,
  };
}

/** What a policy of such a spec can be asked for. */
export function abilitiesOf({
  objective,
  condition,
}: Pick<PolicySpec, 'objective' | 'condition'>): Abilities {
  const noise = pathOf(objective) !== null;
  return {
    noise,
    instructions: condition !== undefined,
    picture: condition?.image?.size ?? null,
    guidance: canBeGuided(condition),
    inpainting: noise,
  };
}

/** A trained policy with a sampler, compiled for batches of one size. */
class NetworkPlanner implements Planner {
  readonly policy: PolicyDescription;
  readonly batch: number;
  readonly nfe: number;
  readonly #spec: PolicySpec;
  readonly #sampler: CompiledSampler;
  readonly #observation: Normalizer;
  readonly #action: Normalizer;
  readonly #reader: Reader | null;

  constructor(
    trained: TrainedPolicy,
    { sampler, reader, nfe }: { sampler: CompiledSampler; reader: Reader | null; nfe: number },
  ) {
    this.policy = describeTrained(trained);
    this.#spec = trained.spec;
    this.batch = sampler.batch;
    this.nfe = nfe;
    this.#sampler = sampler;
    this.#reader = reader;
    this.#observation = new Normalizer(trained.observationRange);
    this.#action = new Normalizer(trained.actionRange);
  }

  async draw(
    observation: Float32Array,
    streams: readonly NoiseStream[],
    told: Told = {},
  ): Promise<DrawnChunks> {
    const began = performance.now();
    this.#observation.normalize(observation);
    const normalized = performance.now();
    const given = { ...(await this.#conditionOf(told)), ...this.#knownOf(told) };
    const { chunk, attention, states } = await this.#sampler.draw(observation, streams, given);
    const drawn = performance.now();
    this.#action.denormalize(chunk);
    const times = {
      normalize: normalized - began,
      network: drawn - normalized,
      denormalize: performance.now() - drawn,
    };
    return { chunk, attention, states: states.map((state) => this.#physical(state)), times };
  }

  /** Where a sampler stood, with what its answer says of the finished chunk; in physical units. */
  #physical({ time, x, y }: SamplerState): DrawState {
    const path = pathOf(this.#spec.objective);
    const { x: ofX, network: ofY } = path?.velocity ? path.dataAt(time) : { x: 0, network: 1 };
    const estimate = y.map((value, i) => ofX * x[i] + ofY * value);
    return {
      time,
      chunk: this.#action.denormalize(x),
      estimate: this.#action.denormalize(estimate),
    };
  }

  async read(instruction: string): Promise<ReadInstruction> {
    if (!this.#reader) throw readsNone(instruction);
    return this.#reader.read(instruction);
  }

  async #conditionOf({ instructions = [], images }: Told): Promise<GivenRows> {
    const { condition } = this.#spec;
    const size = condition ? imageSize(condition) : 0;
    const expected = size * this.batch;
    if ((images?.length ?? 0) !== expected) throw wrongImages(condition, this.batch, images);
    if (this.#reader) {
      const text = await this.#reader.readAll(instructions, this.batch);
      return images ? { text, image: toPixels(images, new Float32Array(expected)) } : { text };
    }
    const spoken = instructions.find((instruction) => instruction !== '');
    if (spoken !== undefined) throw readsNone(spoken);
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
  { spec, weights, ...dimensions }: Omit<TrainedPolicy, 'method'>,
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
    noisy: pathOf(spec.objective) !== null,
    textSize: reader ? reader.silence.length : 0,
    imageSize: spec.condition ? imageSize(spec.condition) : 0,
    ...(reader && { guidance: { scale: guidance, silence: reader.silence } }),
  };
}

function readsNone(instruction: string): InstructionError {
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
