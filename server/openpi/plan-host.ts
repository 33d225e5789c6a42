import type { Planner, PlannerOptions, Policy } from '../../policies/policy.ts';
import { type NoiseStream, Random, startingWith } from '../../policies/random.ts';
import type { ErrorReport } from '../protocol/errors.ts';
import type { AskedReply } from './asked.ts';
import type { PlanRequest } from './request.ts';

/** From the server: plans to be drawn. */
export interface PlanCommand {
  readonly id: number;
  readonly request: PlanRequest;
  /** Of the noise that the client leaves to this side: whose request it is, and which. */
  readonly noiseKey: readonly number[];
}

/** And back. */
export interface DrawnPlans {
  /** [rows, Tp, 8] */
  readonly chunk: Float32Array;
  /** How long the policy took, ms. */
  readonly ms: number;
}

export interface PlanHostOptions {
  readonly planning: PlannerOptions;
  /** Rows of the larger of its two batches: requests about several rows are filled up to it. */
  readonly batch: number;
  reply(reply: AskedReply<DrawnPlans>): void;
  report(error: unknown): ErrorReport;
}

/** One policy that answers for a policy server: one request after the other, in the order they come. */
export class PlanHost {
  readonly #policy: Policy;
  readonly #options: PlanHostOptions;
  readonly #planners = new Map<number, Promise<Planner>>();
  #last: Promise<void> = Promise.resolve();

  private constructor(policy: Policy, options: PlanHostOptions) {
    this.#policy = policy;
    this.#options = options;
  }

  /**
   * @throws SpecError for options that the policy does not have
   * @cost what the policy takes to be prepared for single plans and for several rows: a client that acts is
   *       not to wait for that
   */
  static async open(policy: Policy, options: PlanHostOptions): Promise<PlanHost> {
    const host = new PlanHost(policy, options);
    for (const batch of [1, options.batch]) await host.#planner(batch);
    options.reply({ kind: 'ready' });
    return host;
  }

  command({ id, request, noiseKey }: PlanCommand): void {
    const { reply, report } = this.#options;
    this.#last = this.#last.then(async () => {
      try {
        reply({ kind: 'answer', id, answer: await this.#draw(request, noiseKey) });
      } catch (error) {
        const said = report(error);
        if (said.code === 'internal') console.error(error);
        reply({ kind: 'error', id, error: said });
      }
    });
  }

  async #draw(
    { rows, single, observation, images, instructions, noise, seeds }: PlanRequest,
    noiseKey: readonly number[],
  ): Promise<DrawnPlans> {
    const batch = single ? 1 : this.#options.batch;
    const planner = await this.#planner(batch);
    const { predHorizon, actionDim } = planner.policy;
    const size = predHorizon * actionDim;
    const streams = Array.from({ length: rows }, (_, row): NoiseStream => {
      const own = seeds ? Random.of(seeds[row]) : Random.of(...noiseKey, row);
      return noise ? startingWith(noise.subarray(row * size, (row + 1) * size), own) : own;
    });
    // Rows beyond those asked about are blank.
    const seen = new Float32Array((batch * observation.length) / rows);
    seen.set(observation);
    const shown = images && new Uint8Array((batch * images.length) / rows);
    shown?.set(images ?? []);
    const told = { instructions, ...(shown && { images: shown }) };
    const began = performance.now();
    const { chunk } = await planner.draw(seen, streams, told);
    return { chunk: chunk.slice(0, rows * size), ms: performance.now() - began };
  }

  #planner(batch: number): Promise<Planner> {
    const known = this.#planners.get(batch);
    if (known) return known;
    const preparing = this.#policy.prepare(batch, this.#options.planning);
    this.#planners.set(batch, preparing);
    return preparing;
  }
}
