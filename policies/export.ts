import { checkGuidance, SpecError } from './config/index.ts';
import { type ExportedModel, exportModel, type ModelInput } from './engine/index.ts';
import { samplerSetup, type TrainedPolicy } from './network-policy.ts';
import { Normalizer } from './normalizer.ts';
import { HALF } from './pixels.ts';
import { MAX_UNROLLED, samplerFunction, stepFunction } from './samplers/compile.ts';
import { coefficients } from './samplers/run.ts';
import { isStochastic, type SamplerPlan } from './samplers/sampler.ts';
import { Reader } from './text/reader.ts';
import { abilitiesOf } from './trained.ts';

export interface ExportOptions {
  /** Rows of the inputs, fixed in the file. @default any number of them */
  readonly batch?: number | undefined;
  /** w of classifier-free guidance; fixed in the file. @default 1 */
  readonly guidance?: number;
  /** Kept in the file, for who finds it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** 0 … 255 to ±1: as `toPixels`, for each of the numbers a byte can be. */
const PIXELS = { centre: Float64Array.of(HALF), half: Float64Array.of(HALF) };

/**
 * A policy with its sampler as one ONNX file, normalisation inside. Steps are a loop of one, but for up
 * to 16 of a fixed batch.
 *
 * Inputs: `observation` [B, To, Do] in physical units, oldest first; `noise` [B, Tp, Da], standard
 * normal, but for a regression, which has none; `fresh_noise` [NFE, B, Tp, Da] for samplers that
 * add noise on their way. A policy that reads takes `instruction` [B, L] as well, int32 numbers of
 * tokens (policies/text/tokenizer.ts), and with a camera `image` [B, size, size, 3], float32, 0 … 255.
 * Output: `action` [B, Tp, Da], rad and m. For sixteen rows and more it answers to the bit as the policy does
 * where it was trained; for fewer, that has programs with other operators.
 *
 * @throws SpecError for a policy that reads with an encoder from outside, and for guidance it cannot
 *         be asked for
 */
export async function exportOnnx(
  policy: TrainedPolicy,
  plan: SamplerPlan,
  { batch, guidance = 1, metadata }: ExportOptions,
): Promise<Uint8Array> {
  const { spec, observationDim } = policy;
  const { text, image } = spec.condition ?? {};
  if (text?.encoder === 'pretrained') {
    throw new SpecError(
      `policy: expected one with an encoder of its own, got one that reads with "${text.name}", ` +
        'which is no part of it',
    );
  }
  checkGuidance(abilitiesOf(spec), guidance);
  const reader = text ? await Reader.create(text) : null;
  // A single step, whatever the number, opens in a tenth of the time; compilers for other machines rather
  // take what has fixed shapes and nothing within.
  const looped = plan.length > (batch === undefined ? 1 : MAX_UNROLLED);
  const stochastic = isStochastic(plan);
  const at: ExportedModel['at'] = (rows) => {
    const setup = samplerSetup(policy, plan, { batch: rows, reader, guidance });
    const chunk = [rows, ...setup.chunk];
    const given: ModelInput[] = [
      {
        name: 'observation',
        shape: [rows, spec.obsHorizon, observationDim],
        becomes: 'observation',
        units: new Normalizer(policy.observationRange),
      },
    ];
    if (setup.noisy) given.push({ name: 'noise', shape: chunk, becomes: looped ? 'x' : 'noise' });
    if (stochastic) {
      const becomes = looped ? null : 'fresh';
      given.push({ name: 'fresh_noise', shape: [plan.length, ...chunk], rowAxis: 1, becomes });
    }
    if (text) {
      const shape = [rows, text.tokens];
      given.push({ name: 'instruction', shape, dtype: 'int32', becomes: 'text' });
    }
    if (image) {
      const shape = [rows, image.size, image.size, 3];
      given.push({ name: 'image', shape, becomes: 'image', units: PIXELS });
    }
    return { ...(looped ? stepFunction(setup) : samplerFunction(setup)), given };
  };
  return exportModel(
    {
      at,
      rows: batch ?? null,
      output: {
        name: 'action',
        of: looped ? 'x2' : 'chunk',
        units: new Normalizer(policy.actionRange),
      },
      ...(looped && {
        steps: {
          coefficients: Float32Array.from(plan.flatMap((step) => [...coefficients(step)])),
          count: plan.length,
          carried: { x: 'x2', previousY: 'y2' },
          fresh: { input: 'z', from: stochastic ? 'fresh_noise' : null },
        },
      }),
    },
    metadata,
  );
}
