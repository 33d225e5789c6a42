import { featuresOf } from '../demos/store/features.ts';
import { defaultActionHorizon, nfeOf, type SamplerSpec } from '../policies/config/index.ts';
import { digestOf } from '../policies/digest.ts';
import type { TrainedPolicy } from '../policies/network-policy.ts';
import { isStochastic, type SamplerPlan } from '../policies/samplers/sampler.ts';
import { SPECIAL_TOKENS } from '../policies/text/tokenizer.ts';
import { abilitiesOf } from '../policies/trained.ts';
import { findTask } from '../sim/index.ts';
import { VERSION } from './version.ts';

/** What a stranger must know to use an exported file, and what `onnx:FILE` reads of it. */
export function describeExport(
  policy: TrainedPolicy,
  sampler: SamplerSpec,
  plan: SamplerPlan,
  { batch, guidance }: { readonly batch?: number | undefined; readonly guidance: number },
): Record<string, string> {
  const { spec, weights, observationDim } = policy;
  const { text, image } = spec.condition ?? {};
  const features = featuresOf(findTask(spec.task));
  const names = (feature: string) => features.find(({ name }) => name === feature)?.names ?? [];
  return {
    producer: `forking-paths ${VERSION}`,
    task: spec.task,
    control_hz: String(spec.controlHz),
    objective: spec.objective.kind,
    sampler: sampler.kind,
    nfe: String(nfeOf(sampler, spec.objective, guidance)),
    observation_horizon: String(spec.obsHorizon),
    prediction_horizon: String(spec.predHorizon),
    // A policy with a camera is given the first of them alone.
    observation_names: [...names('observation.state'), ...names('observation.environment_state')]
      .slice(0, observationDim)
      .join(','),
    action_names: names('action').join(','),
    observation:
      'one row a control step, the oldest first, the last now; where there are fewer, the first stands in',
    action:
      'targets to reach, absolute, one row a control step; row 0 for the step of the last observation',
    action_horizon: String(defaultActionHorizon(spec)),
    ...noiseInputs(policy, plan),
    batch: batch === undefined ? 'any' : `${batch}, fixed`,
    units: 'joints rad, gripper and positions m',
    weights_sha256: digestOf(weights),
    ...(text?.encoder === 'learned' && {
      guidance: String(guidance),
      tokens: [...SPECIAL_TOKENS, ...text.vocabulary].join(','),
      instruction:
        'places in tokens: <start>, then each word in lower case (letters, digits and apostrophes; ' +
        `all else parts words), <unknown> for others, <pad> up to ${text.tokens}`,
    }),
    ...(image && {
      image: `${image.size} x ${image.size} RGB of the front camera, float32 from 0 to 255`,
    }),
  };
}

/** What is drawn for each plan anew, where the file takes it in. */
function noiseInputs({ spec }: TrainedPolicy, plan: SamplerPlan): Record<string, string> {
  if (!abilitiesOf(spec).noise) return {};
  const noise = 'independent numbers of N(0, 1), others for each plan';
  return { noise, ...(isStochastic(plan) && { fresh_noise: noise }) };
}
