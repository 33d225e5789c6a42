import { setImmediate as yieldToSignals } from 'node:timers/promises';
import type { Command } from 'commander';
import { writeFileAtomic } from '../../demos/files/index.ts';
import { featuresOf } from '../../demos/store/features.ts';
import {
  chooseSampler,
  defaultActionHorizon,
  nfeOf,
  type SamplerSpec,
} from '../../policies/config/index.ts';
import { digestOf } from '../../policies/digest.ts';
import { exportOnnx } from '../../policies/export.ts';
import type { TrainedPolicy } from '../../policies/network-policy.ts';
import { createPlan } from '../../policies/samplers/plan.ts';
import { isStochastic, type SamplerPlan } from '../../policies/samplers/sampler.ts';
import { SPECIAL_TOKENS } from '../../policies/text/tokenizer.ts';
import { abilitiesOf } from '../../policies/trained.ts';
import { StoppedError } from '../../server/protocol/errors.ts';
import { loadPolicy } from '../../server/storage/open-policy.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { findTask } from '../../sim/index.ts';
import { interruptible } from '../interrupt.ts';
import {
  type CommonOptions,
  numberWithin,
  type PolicyOptions,
  sourceOf,
  wholeNumber,
  withCommon,
  withPolicy,
} from '../options.ts';
import { filePath } from '../paths.ts';
import { printJson } from '../table.ts';
import { VERSION } from '../version.ts';

interface ExportCommandOptions extends CommonOptions, PolicyOptions {
  readonly out: string;
  readonly batch: number;
  readonly guidance: number;
}

export function defineExport(command: Command): void {
  withPolicy(withCommon(command))
    .requiredOption('--out <file>', 'file to write', filePath)
    .option('--batch <n>', 'rows of its inputs', wholeNumber(1, 1024), 1)
    .option(
      '--guidance <w>',
      'scale of classifier-free guidance, for a policy that reads: 0 ignores the instruction, 1 as trained',
      numberWithin(0, 100),
      1,
    )
    .action(exportPolicy);
}

async function exportPolicy(options: ExportCommandOptions): Promise<void> {
  const { data, json, out, batch, guidance } = options;
  const workspace = openWorkspace({ data, engine: 'compiled' });
  const policy = await loadPolicy(workspace, sourceOf(options));
  const sampler = chooseSampler(policy.spec.objective, options);
  const plan = createPlan(policy.spec.objective, sampler);
  const metadata = describe(policy, sampler, plan, options);
  const model = await interruptible('stopping; nothing is written', async (signal) => {
    const bytes = await exportOnnx(policy, plan, { batch, guidance, metadata });
    // Tracing cannot be interrupted: a Ctrl-C that came during it is handled here.
    await yieldToSignals();
    if (signal.aborted) throw new StoppedError();
    await writeFileAtomic(out, bytes);
    return bytes;
  });
  if (json) printJson({ path: out, bytes: model.length, metadata });
  else process.stdout.write(`${out}: ${(model.length / 1e6).toFixed(1)} MB\n`);
}

/** What a stranger must know to use the file. */
function describe(
  policy: TrainedPolicy,
  sampler: SamplerSpec,
  plan: SamplerPlan,
  { batch, guidance }: Pick<ExportCommandOptions, 'batch' | 'guidance'>,
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
    batch: `${batch}, fixed: products are laid out for that many rows`,
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
