import { packEnding } from '../../protocol/ending.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Inquiry, InquiryKind } from '../../protocol/inquiry.ts';
import { packDenoising, packNoisePlane, packTurned } from '../../protocol/inquiry-frames.ts';
import { isReplayable, sourceName } from '../../protocol/sources.ts';
import { packCommands } from '../../protocol/takeover-commands.ts';
import type { Inference } from '../inference.ts';
import type { Stage } from '../stage.ts';
import type { StagePolicy } from '../stage-lane.ts';
import type { StagePolicies } from '../stage-policies.ts';
import { denoise } from './denoise.ts';
import { Pace } from './pace.ts';
import { findPlane, type TurnableNoise, type TurningPlanners, turn } from './turn.ts';

/** What is known already: nobody waits for it behind what is computed. */
const KNOWN: readonly InquiryKind[] = ['commands', 'ending'];

/** Answers what is asked about moments of stages, between their control steps. */
export class Answering {
  readonly #policies: StagePolicies;
  readonly #hurries: () => boolean;
  readonly #planes = new WeakMap<Inference, TurnableNoise>();

  /** @param hurries whether there is something that must not be held up for long */
  constructor(policies: StagePolicies, hurries: () => boolean) {
    this.#policies = policies;
    this.#hurries = hurries;
  }

  /** Whether nothing is computed for it. */
  static isKnown({ kind }: Inquiry): boolean {
    return KNOWN.includes(kind);
  }

  /**
   * @returns packed as the inquiry's kind says
   * @throws ProtocolError, SpecError
   */
  async answer(stage: Stage, inquiry: Inquiry): Promise<Float32Array> {
    if (inquiry.kind === 'commands') return packCommands(stage.commandsUntil(inquiry));
    if (inquiry.kind === 'ending') return packEnding(stage.endingOf(inquiry));
    const inference = stage.inferenceAt(inquiry);
    checkOwn(stage.policies[inquiry.lane]);
    const { policy, release } = this.#policies.hold(stage.policies[inquiry.lane]);
    const pace = new Pace(this.#hurries);
    const { task } = stage;
    try {
      if (inquiry.kind === 'denoise') {
        const planners = await this.#policies.denoising(policy, inquiry.calls);
        return packDenoising(await denoise(task, inference, planners, pace));
      }
      const known = this.#planes.get(inference);
      const noise = known ?? (await findPlane(task, inference, policy, pace));
      this.#planes.set(inference, noise);
      if (inquiry.kind === 'plane') return packNoisePlane(noise.plane);
      const planners = await this.#turningPlanners(policy, inquiry.calls);
      return packTurned(await turn(task, inference, planners, noise, inquiry, pace));
    } finally {
      await release();
    }
  }

  /** The lane's own, unless another number of network evaluations is asked for. */
  async #turningPlanners(policy: StagePolicy, calls?: number): Promise<TurningPlanners> {
    if (calls === undefined) return policy;
    const { together, acting } = await this.#policies.denoising(policy, calls);
    return acting ? policy : { planner: together, fanPlanner: together };
  }
}

/** @throws ProtocolError 'conflict' for a policy that is asked elsewhere */
function checkOwn(policy: StagePolicy | undefined): void {
  if (!policy || isReplayable(policy.source)) return;
  throw new ProtocolError(
    'conflict',
    `inquiry: expected a policy of this program, got ${sourceName(policy.source)}, which shows nothing ` +
      'of how it plans; ask about another view',
  );
}
