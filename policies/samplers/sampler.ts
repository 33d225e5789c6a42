import { SpecError } from '../config/error.ts';
import type { ObjectiveSpec } from '../config/objective.ts';
import type { SamplerKind, SamplerSpec } from '../config/sampler.ts';

/** Numbers of network evaluations a chunk that a sampler can do: every `step`-th from the least. */
export interface NfeRange {
  readonly least: number;
  /** The same as the least where there is no choice. */
  readonly most: number;
  readonly step: number;
  /** Where none are asked for. */
  readonly usual: number;
}

/** A way of drawing chunks: one file each, which ends with this; `plan.ts` gives its coefficients. */
export interface Sampler {
  readonly kind: SamplerKind;
  /** @throws SpecError for an objective it cannot be used with, as all of these */
  nfe(objective: ObjectiveSpec): NfeRange;
  /** "DDPM takes all 100 diffusion steps": said where there is no choice. */
  readonly only: (nfe: number) => string;
  /** Why not every number of the range will do, where that is so. */
  readonly why: string;
  /** What to take for other numbers of network evaluations. */
  readonly others: string;
  /** Whether it has an η, and so is asked for fresh noise. */
  readonly takesEta: boolean;
  /**
   * Whether one answer is the chunk, so that it takes one evaluation, whatever is asked of the
   * policies beside it.
   */
  readonly answersOnce: boolean;
  /** Its settings for a number of network evaluations within the range. */
  spec(nfe: number, eta: number): SamplerSpec;
  /** Network evaluations of such settings. */
  nfeOf(objective: ObjectiveSpec, spec: SamplerSpec): number;
}

type Kind = ObjectiveSpec['kind'];
type ObjectiveOf<F extends Kind> = Extract<ObjectiveSpec, { kind: F }>;
type SpecOf<K extends SamplerKind> = Extract<SamplerSpec, { kind: K }>;

/** Network evaluations a chunk where none are asked for, and it is for the sampler to say. */
export const USUAL_NFE = 10;

/** A range of one number. */
export function exactly(nfe: number): NfeRange {
  return { least: nfe, most: nfe, step: 1, usual: nfe };
}

/** Any number up to one. */
export function upTo(most: number): NfeRange {
  return { least: 1, most, step: 1, usual: Math.min(USUAL_NFE, most) };
}

/**
 * Puts a sampler together.
 *
 * @param fits the kind of objective it needs. @default any: methods say which samplers are theirs
 */
export function defineSampler<K extends SamplerKind, F extends Kind = Kind>({
  kind,
  fits,
  nfe,
  only = (calls) => `${kind} takes ${calls}`,
  why = '',
  others = '',
  takesEta = false,
  answersOnce = false,
  spec,
  nfeOf,
}: {
  readonly kind: K;
  readonly fits?: F;
  readonly nfe: (objective: ObjectiveOf<F>) => NfeRange;
  readonly only?: (nfe: number) => string;
  readonly why?: string;
  readonly others?: string;
  readonly takesEta?: boolean;
  readonly answersOnce?: boolean;
  readonly spec: (nfe: number, eta: number) => SpecOf<K>;
  readonly nfeOf: (spec: SpecOf<K>, objective: ObjectiveOf<F>) => number;
}): Sampler {
  function isFit(objective: ObjectiveSpec): asserts objective is ObjectiveOf<F> {
    if (fits === undefined || objective.kind === fits) return;
    throw new SpecError(`sampler ${kind} does not fit the objective ${objective.kind}`);
  }
  function isOwn(settings: SamplerSpec): asserts settings is SpecOf<K> {
    if (settings.kind === kind) return;
    throw new SpecError(`sampler ${kind}: expected settings of its own, got ${settings.kind}`);
  }
  return {
    kind,
    only,
    why,
    others,
    takesEta,
    answersOnce,
    spec,
    nfe(objective) {
      isFit(objective);
      return nfe(objective);
    },
    nfeOf(objective, settings) {
      isFit(objective);
      isOwn(settings);
      return nfeOf(settings, objective);
    },
  };
}

/**
 * One network evaluation of a sampler, as numbers. With the network's answer F at (x, time):
 *
 *     y  = answer.x · x + answer.network · F,  clipped to ±1 where `clip`
 *     x' = next.x · x + next.y · y + next.previousY · (y of the step before) + next.noise · z
 *
 * Every sampler here is a list of these: the formulas differ only in their coefficients.
 */
export interface SamplerStep {
  /** Diffusion step k/K or flow time τ given to the network. */
  readonly time: number;
  readonly answer: { readonly x: number; readonly network: number };
  /** Data lie in ±1, so an estimate of them may be clipped there. */
  readonly clip: boolean;
  readonly next: {
    readonly x: number;
    readonly y: number;
    readonly previousY: number;
    /** Standard deviation of the fresh noise; 0 for a deterministic step. */
    readonly noise: number;
  };
}

/** The steps of one chunk, first to last; as many as network evaluations (NFE). */
export type SamplerPlan = readonly SamplerStep[];

/** Whether the plan draws fresh noise on its way. */
export function isStochastic(plan: SamplerPlan): boolean {
  return plan.some(({ next }) => next.noise > 0);
}
