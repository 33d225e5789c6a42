/** A policy server of the tests' own, and the policy that asks it. */
import { Random } from '../../policies/random.ts';
import type { Sendable } from '../../server/openpi/codec.ts';
import { RemotePolicy } from '../../server/openpi/remote-policy.ts';
import type { ObservationKeys } from '../../server/protocol/policy-servers.ts';
import { type Answering, type Asked, holding, startPolicyServer } from './policy-server.ts';
import { HOLD } from './simulation.ts';

/** Control steps of a plan. */
export const H = 16;
export const STILL: Answering = (asked) => holding(asked, H);
const DECLARED = { fp: { horizon: H, control_hz: 20 } } as const;

export interface Asking {
  readonly metadata?: Sendable | (() => Sendable);
  readonly keys?: ObservationKeys;
  readonly answerMs?: number;
  readonly silent?: boolean;
  readonly apiKey?: string;
}

export async function serve(
  answering: Answering,
  { metadata = DECLARED, keys = 'fp', answerMs = 5000, silent = false, apiKey }: Asking = {},
) {
  const server = await startPolicyServer(answering, { metadata, silent });
  const options = { url: server.url, answerMs, observationKeys: keys, apiKey };
  return { server, open: () => RemotePolicy.open(options) };
}

/** One plan of a policy at one row, as a control loop asks for it. */
export async function draw(answering: Answering, asking: Asking = {}) {
  const { server, open } = await serve(answering, asking);
  const policy = await open();
  const { obsHorizon, observationDim, abilities } = policy.describe();
  const planner = await policy.prepare(1);
  const observation = new Float32Array(obsHorizon * observationDim);
  for (let step = 0; step < obsHorizon; step++) observation.set(HOLD, step * observationDim);
  const size = abilities.picture;
  const drawn = await planner.draw(observation, [Random.of(7)], {
    instructions: ['take the ball'],
    attempts: [{ episode: 3, step: 40 }],
    ...(size !== null && { images: new Uint8Array(3 * size * size).fill(9) }),
  });
  await planner.dispose();
  return { drawn, asked: server.asked.at(-1) as Asked, server, policy };
}
