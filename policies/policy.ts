import type { ObjectiveSpec } from './config/objective.ts';
import type { PolicySpec } from './config/policy.ts';
import type { SamplerSpec } from './config/sampler.ts';
import type { NoiseStream } from './random.ts';
import type { AttentionStep } from './samplers/attention.ts';
import type { KnownActions } from './samplers/known-actions.ts';

/**
 * Whatever makes action chunks from observations. `NetworkPolicy` (policies/network-policy.ts) is
 * one that was trained here; docs/add-a-policy.md adds one of another kind.
 */
export interface Policy {
  describe(): PolicyDescription;
  /**
   * Makes it ready for batches of one size.
   *
   * @param batch rows of a call: a robot asks with 1, rollouts together with more
   * @throws SpecError for options that it does not have
   */
  prepare(batch: number, options?: PlannerOptions): Promise<Planner>;
}

/** What is to be known of a policy before it acts. */
export interface PolicyDescription extends Omit<PolicySpec, 'network' | 'objective'> {
  /** What it is called where it has no name of its own: its method's name. */
  readonly name: string;
  /** What its network has learnt, by which samplers fit; null for one that draws in a way of its own. */
  readonly objective: ObjectiveSpec | null;
  /** Network evaluations a chunk of one that draws in a way of its own. @default not known */
  readonly evaluations?: number;
  readonly abilities: Abilities;
  /** Components of one control step's observation, Do, and of an action, Da. */
  readonly observationDim: number;
  readonly actionDim: number;
  /** Learnt numbers. */
  readonly parameters: number;
}

/** What a policy can be asked for; who asks for more is told that it cannot. */
export interface Abilities {
  /** Chunks depend on the noise they are drawn from; without, there is one answer to an observation. */
  readonly noise: boolean;
  /** Reads instructions. */
  readonly instructions: boolean;
  /** Pixels a side of the picture it looks at; null for one that is told where objects are. */
  readonly picture: number | null;
  /** Can follow instructions less or more than as it was trained. */
  readonly guidance: boolean;
  /** Can go on from known actions. */
  readonly inpainting: boolean;
}

/** What may be chosen about a planner. */
export interface PlannerOptions {
  /** How chunks are drawn. @default the policy's usual sampler */
  readonly sampler?: SamplerSpec;
  /**
   * w of classifier-free guidance: 0 ignores the instruction, 1 follows it, above 1 exaggerates
   * what it changes. @default 1
   */
  readonly guidance?: number;
  /** Chunks continue `Told.known`. @default false */
  readonly inpainting?: boolean;
  /** Keep what the network attends to. @default false */
  readonly attention?: boolean;
  /** Keep the chunks on their way from noise. @default false */
  readonly states?: boolean;
  /**
   * Compile a single step and loop over it: much less to compile, and the same for any number of
   * evaluations. A chunk drawn alone may differ in its last bits. @default false
   */
  readonly looped?: boolean;
}

/** A policy that is ready for batches of one size. */
export interface Planner {
  readonly policy: PolicyDescription;
  /** B, rows of a call. */
  readonly batch: number;
  /** Network evaluations a chunk takes; guidance doubles them. */
  readonly nfe: number;
  /**
   * Draws a chunk a row.
   *
   * @param observation [B, To, Do], physical units, oldest first; overwritten
   * @param streams     the rows' own noise, so that a row does not depend on the others; rows
   *                    beyond the last stream start from zero. `startingWith` gives noise of one's
   *                    own
   * @param told        what each row is told and sees
   * @throws InstructionError for an instruction that is too long, or any where none is read
   * @throws ImageError for pictures of another size, or any where none is looked at
   */
  draw(
    observation: Float32Array,
    streams: readonly NoiseStream[],
    told?: Told,
  ): Promise<DrawnChunks>;
  /**
   * How the policy reads an instruction.
   *
   * @throws InstructionError as `draw`
   */
  read(instruction: string): Promise<ReadInstruction>;
  dispose(): Promise<void>;
}

/** What a call of a planner gives. */
export interface DrawnChunks {
  /** [B, Tp, Da], rad and m */
  readonly chunk: Float32Array;
  /** What the network attended to in each evaluation; empty unless it was prepared to keep that. */
  readonly attention: readonly AttentionStep[];
  /**
   * Where the chunks stood at each evaluation; likewise, and empty for a policy that does not draw
   * them step by step.
   */
  readonly states: readonly DrawState[];
  readonly times: DrawTimes;
  /**
   * Why rows have no chunk, by row: those of others are as good as ever. @default all have one
   */
  readonly failures?: ReadonlyMap<number, string>;
}

/** Chunks on their way from noise, at one network evaluation; rad and m. */
export interface DrawState {
  /** Diffusion step k/K or flow time τ: what the network was told. */
  readonly time: number;
  /** What it was asked about, [B, Tp, Da]; the first is the noise. */
  readonly chunk: Float32Array;
  /** What the chunk would end in by this answer alone, [B, Tp, Da]. */
  readonly estimate: Float32Array;
}

/** What one call of a planner took, ms. */
export interface DrawTimes {
  readonly normalize: number;
  /** All network evaluations, the drawing of noise included. */
  readonly network: number;
  readonly denormalize: number;
  /** On the way to a policy that is asked elsewhere and back, where that tells its own time; left out for those here. */
  readonly wire?: number;
}

/** What the rows of a batch are told and see, besides numbers. */
export interface Told {
  /** Rows beyond the last are told nothing. */
  readonly instructions?: readonly string[];
  /** The camera's picture of each row, [B, size, size, 3], 0 … 255. */
  readonly images?: Uint8Array;
  /** What each row continues, rad and m; only a planner made with `inpainting` regards it. */
  readonly known?: KnownActions;
  /** Which attempt each row is of. */
  readonly attempts?: readonly Attempted[];
}

/** Where an attempt stands as a plan is asked for. */
export interface Attempted {
  /** Its number, as whoever lets the policy act counts. */
  readonly episode: number;
  /** Control step, from 0. */
  readonly step: number;
}

/** An instruction as a policy reads it. */
export interface ReadInstruction {
  /** Attention weights are in their order. */
  readonly tokens: readonly string[];
  /** Words it does not know. */
  readonly unknown: readonly string[];
}

/** Pictures a policy cannot take. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}
