import type { ConditionSpec } from './config/condition.ts';
import { imageSize } from './config/condition-inputs.ts';
import type { PolicySpec } from './config/policy.ts';
import { pathOf } from './methods/index.ts';
import { Normalizer } from './normalizer.ts';
import { toPixels } from './pixels.ts';
import {
  type DrawnChunks,
  type DrawState,
  ImageError,
  type Planner,
  type PolicyDescription,
  type ReadInstruction,
  type Told,
} from './policy.ts';
import type { NoiseStream } from './random.ts';
import type { GivenRows, ReadySampler } from './samplers/run.ts';
import { estimateOf, type SamplerState } from './samplers/states.ts';
import type { Reader } from './text/reader.ts';
import { InstructionError } from './text/tokenizer.ts';
import { describe, type TrainedFacts } from './trained.ts';

/** A trained policy with a sampler, made ready for batches of one size. */
export class NetworkPlanner implements Planner {
  readonly policy: PolicyDescription;
  readonly batch: number;
  readonly nfe: number;
  readonly #spec: PolicySpec;
  readonly #sampler: ReadySampler;
  readonly #observation: Normalizer;
  readonly #action: Normalizer;
  readonly #reader: Reader | null;

  constructor(
    trained: TrainedFacts,
    {
      parameters,
      sampler,
      reader,
      nfe,
    }: { parameters: number; sampler: ReadySampler; reader: Reader | null; nfe: number },
  ) {
    this.policy = describe(trained, parameters);
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
  #physical(state: SamplerState): DrawState {
    const estimate = estimateOf(pathOf(this.#spec.objective), state);
    return {
      time: state.time,
      chunk: this.#action.denormalize(state.x),
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
