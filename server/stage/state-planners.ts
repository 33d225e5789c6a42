import {
  chooseSampler,
  nfeOf,
  nfeRange,
  usualSampler,
} from '../../policies/config/choose-sampler.ts';
import type { ObjectiveSpec, SamplerSpec } from '../../policies/config/index.ts';
import type { Planner, PlannerOptions, Policy } from '../../policies/policy.ts';
import type { Denoising } from '../protocol/inquiry-frames.ts';
import type { DenoisingPlan } from './inquiry/denoise.ts';
import type { StagePolicy } from './stage-lane.ts';

/** Numbers of network evaluations whose planners are kept. */
const MAX_KEPT = 4;

const ONE_ANSWER: Denoising['range'] = { least: 1, most: 1, step: 1 };

/** Planners of one policy on the stage that keep their states, made when they are asked for. */
export class StatePlanners {
  readonly #source: Policy;
  readonly #lent: StagePolicy;
  #acting: Planner | null = null;
  /** By number of evaluations, least recently used first. */
  readonly #together = new Map<number, Planner>();

  constructor(source: Policy, lent: StagePolicy) {
    this.#source = source;
    this.#lent = lent;
  }

  /**
   * @param calls network evaluations a chunk. @default as the lane draws
   * @throws SpecError for a number that its sampler cannot do
   * @cost 0.1 s for another number, 1 s more for the first time that the lane's own is asked for
   */
  async plan(calls: number | undefined): Promise<DenoisingPlan> {
    const { sampler, planner, fanPlanner } = this.#lent;
    const { objective } = planner.policy;
    if (!objective || !sampler) return { together: fanPlanner, acting: null, range: ONE_ANSWER };
    const own = nfeOf(sampler, objective);
    const asked = calls ?? own;
    const chosen = asked === own ? sampler : withCalls(objective, sampler, asked);
    return {
      together: await this.#planTogether(asked, chosen),
      acting: asked === own ? await this.#planActing() : null,
      range: nfeRange(objective, adjustable(objective, sampler, asked)),
    };
  }

  async dispose(): Promise<void> {
    const all = [...this.#together.values(), ...(this.#acting ? [this.#acting] : [])];
    await Promise.all(all.map((planner) => planner.dispose()));
  }

  /** As the lane draws the plan that acts: one program, so that its bits are the same. */
  async #planActing(): Promise<Planner> {
    const { sampler, planner } = this.#lent;
    this.#acting ??= await this.#source.prepare(planner.batch, this.#options(sampler));
    return this.#acting;
  }

  async #planTogether(calls: number, sampler: SamplerSpec): Promise<Planner> {
    const options = { ...this.#options(sampler), looped: true };
    const planner =
      this.#together.get(calls) ??
      (await this.#source.prepare(this.#lent.fanPlanner.batch, options));
    this.#together.delete(calls);
    this.#together.set(calls, planner);
    const [oldest] = this.#together;
    if (this.#together.size > MAX_KEPT && oldest) {
      this.#together.delete(oldest[0]);
      await oldest[1].dispose();
    }
    return planner;
  }

  #options(sampler: SamplerSpec | null): PlannerOptions {
    const { guidance, inpainting, looped } = this.#lent;
    return { ...(sampler && { sampler }), guidance, inpainting, looped, states: true };
  }
}

/** The same way of drawing with another number of evaluations. */
function withCalls(objective: ObjectiveSpec, sampler: SamplerSpec, calls: number): SamplerSpec {
  return chooseSampler(objective, {
    sampler: adjustable(objective, sampler, calls),
    nfe: calls,
    ...(sampler.kind === 'ddim' && { eta: sampler.eta }),
  });
}

/** Where a sampler has no choice of numbers, the policy's usual one that has. */
function adjustable(objective: ObjectiveSpec, { kind }: SamplerSpec, calls: number) {
  const { least, most } = nfeRange(objective, kind);
  return least < most ? kind : usualSampler(objective, calls);
}
