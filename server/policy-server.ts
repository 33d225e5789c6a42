import { randomBytes } from 'node:crypto';
import type { SamplerChoice } from '../policies/config/index.ts';
import { chooseDrawing, evaluationsOf } from '../policies/drawing.ts';
import type { PolicyDescription } from '../policies/policy.ts';
import { reportError } from './error-report.ts';
import { PlanService } from './jobs/plan-service.ts';
import { BATCH } from './jobs/rollouts.ts';
import { bracketed, isLoopback } from './net/own-addresses.ts';
import { ClientDoor } from './openpi/client-door.ts';
import type { Declaration } from './openpi/declared.ts';
import { observationsOf, readRequest } from './openpi/request.ts';
import { ProtocolError } from './protocol/errors.ts';
import type { PolicySource } from './protocol/sources.ts';
import { describePolicy } from './storage/open-policy.ts';
import { openWorkspace, type Place } from './storage/workspace.ts';

export interface PolicyServerOptions extends SamplerChoice {
  readonly place: Place;
  readonly source: PolicySource;
  readonly host: string;
  readonly port: number;
  /** Of noise that clients leave to this side. */
  readonly seed: number;
  /** @default on loopback none, elsewhere that of the environment, or one that is drawn */
  readonly token?: string | undefined;
}

export interface RunningPolicyServer {
  readonly url: string;
  readonly token: string | null;
  /** Rejected where its policy's process ends by itself. */
  readonly ended: Promise<never>;
  close(): Promise<void>;
}

/** Shorter ones can be guessed. */
const MIN_TOKEN_LENGTH = 16;

/**
 * Lets clients of openpi be driven by a policy.
 *
 * @throws ProtocolError, SpecError for a policy that cannot be served, or a token that can be guessed;
 *         the system's error where the port is taken
 */
export async function servePolicy(options: PolicyServerOptions): Promise<RunningPolicyServer> {
  const { source, host, port, seed } = options;
  const token = tokenFor(options);
  const workspace = openWorkspace(options.place);
  const about = await describePolicy(workspace, source);
  const sampler = chooseDrawing(about, options);
  const plans = new PlanService({ place: workspace.place, source, sampler, batch: BATCH });
  try {
    await plans.ready;
    const door = await ClientDoor.open({
      host,
      port,
      token,
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
          const { chunk, ms } = await plans.ask(request, [seed, client, call]);
          const plan = [about.predHorizon, about.actionDim];
          const shape = request.single ? plan : [request.rows, ...plan];
          return { actions: chunk, shape, inferMs: ms };
        },
        tell: (error) => reportError(error).message,
      },
    });
    return {
      url: `ws://${bracketed(host)}:${door.port}`,
      token,
      ended: plans.ended,
      close: async () => {
        await door.close();
        plans.close();
      },
    };
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

function tokenFor({ host, token }: Pick<PolicyServerOptions, 'host' | 'token'>): string | null {
  const chosen = token ?? process.env.FORKING_PATHS_API_KEY;
  if (chosen === undefined) {
    return isLoopback(host) ? null : randomBytes(24).toString('base64url');
  }
  if (chosen.length >= MIN_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(chosen)) return chosen;
  throw new ProtocolError(
    'invalid-request',
    `token: expected at least ${MIN_TOKEN_LENGTH} letters, digits and signs, got ${chosen.length} ` +
      'characters; choose a longer one, or leave it out and take the one that is drawn',
  );
}
