import type { SamplerChoice } from '../policies/config/index.ts';
import { chooseDrawing, evaluationsOf } from '../policies/drawing.ts';
import type { PolicyDescription } from '../policies/policy.ts';
import { type DoorAddress, openDoor, type RunningDoor, tokenFor } from './door.ts';
import { reportError } from './error-report.ts';
import { startPlans } from './jobs/asked-work.ts';
import { BATCH } from './jobs/rollouts.ts';
import type { Declaration } from './openpi/declared.ts';
import { floats } from './openpi/numpy.ts';
import { observationsOf, readRequest } from './openpi/request.ts';
import type { PolicySource } from './protocol/sources.ts';
import { describePolicy } from './storage/open-policy.ts';
import { openWorkspace, type Place } from './storage/workspace.ts';

export interface PolicyServerOptions extends SamplerChoice, DoorAddress {
  readonly place: Place;
  readonly source: PolicySource;
  /** Of noise that clients leave to this side. */
  readonly seed: number;
}

/**
 * Lets clients of openpi be driven by a policy.
 *
 * @throws ProtocolError, SpecError for a policy that cannot be served, or a token that can be guessed;
 *         the system's error where the port is taken
 */
export async function servePolicy(options: PolicyServerOptions): Promise<RunningDoor> {
  const { source, seed } = options;
  // A token that can be guessed is refused before anything is begun.
  const token = tokenFor(options);
  const workspace = openWorkspace(options.place);
  const about = await describePolicy(workspace, source);
  const sampler = chooseDrawing(about, options);
  const plans = startPlans({ place: workspace.place, source, sampler, batch: BATCH });
  try {
    await plans.ready;
    return await openDoor(
      { ...options, token },
      {
        metadata: {
          policy: about.name,
          sampler: sampler?.kind ?? null,
          network_evaluations: evaluationsOf(about, sampler),
          observations: observationsOf(about),
          actions: [about.predHorizon, about.actionDim],
          fp: declare(about),
        },
        answering: {
          async answer(frame, { client, call }) {
            const request = readRequest(frame, about, BATCH);
            const noiseKey = [seed, client, call];
            const began = performance.now();
            const { chunk, ms } = await plans.ask({ request, noiseKey });
            const plan = [about.predHorizon, about.actionDim];
            const shape = request.single ? plan : [request.rows, ...plan];
            const actions = floats(chunk, shape);
            // As openpi has them: what the policy took, and with the way to it what the server took.
            return {
              fields: { actions, policy_timing: { infer_ms: ms } },
              timing: { infer_ms: performance.now() - began },
            };
          },
          tell: (error) => reportError(error).message,
        },
      },
      [plans],
    );
  } catch (error) {
    plans.close();
    throw error;
  }
}

function declare({
  name,
  task,
  controlHz,
  obsHorizon,
  predHorizon,
  abilities,
}: PolicyDescription): Declaration {
  const { noise, instructions, picture } = abilities;
  return {
    name,
    task: task as NonNullable<Declaration['task']>,
    action: 'joint_target_abs',
    horizon: predHorizon,
    control_hz: controlHz,
    obs_horizon: obsHorizon,
    stochastic: noise,
    noise,
    batch: BATCH,
    instructions,
    ...(picture !== null && { picture }),
  };
}
