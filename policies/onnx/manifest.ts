import { z } from 'zod';
import { explainIssues } from '../config/issues.ts';
import { recordOf } from '../config/record.ts';
import { SPECIAL_TOKENS } from '../text/tokenizer.ts';
import { OnnxPolicyError } from './error.ts';

/** Longest plan, control steps, as in an experiment. */
const MOST_HORIZON = 128;
const MOST_STATISTICS = 64;
const MOST_WORDS = 4096;

const statistics = z.array(z.number().gte(-1e6).lte(1e6)).min(1).max(MOST_STATISTICS);

/** Units of a tensor: to ±1 from its least and largest, or to mean 0 and deviation 1. @default as they are */
const scaled = {
  min: statistics.exactOptional(),
  max: statistics.exactOptional(),
  mean: statistics.exactOptional(),
  std: z.array(z.number().gt(0).lte(1e6)).min(1).max(MOST_STATISTICS).exactOptional(),
};

type Scaled = z.infer<z.ZodObject<typeof scaled>>;

/** Either pair, whole and of one length, or none. */
function isPaired({ min, max, mean, std }: Scaled): boolean {
  if (min?.length !== max?.length || mean?.length !== std?.length) return false;
  return min === undefined || mean === undefined;
}
const PAIRED = 'expected "min" and "max", or "mean" and "std", as many numbers in both, or none';

const inputSchema = z
  .strictObject({
    /** What it is given. */
    is: z.enum([
      'observation',
      'observation.state',
      'observation.environment_state',
      'image',
      'instruction',
      'noise',
    ]),
    ...scaled,
    /** Of an instruction: words by their numbers, from 3 on. */
    words: z.array(z.string().min(1).max(40)).min(1).max(MOST_WORDS).exactOptional(),
    /** Axis of the rows. @default 0 */
    row_axis: z.int().min(0).max(3).default(0),
  })
  .refine(isPaired, PAIRED);

const outputSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    is: z.enum(['joint_target_abs', 'joint_target_rel']).default('joint_target_abs'),
    /** Row that acts at the control step of the last observation; those before it are dropped. */
    first_row: z.int().min(0).max(MOST_HORIZON).default(0),
    ...scaled,
  })
  .refine(isPaired, PAIRED);

/** What is to be known of an ONNX file so that it can act: what lies beside it as FILE.json. */
export const manifestSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\p{L}\p{N} ._:+-]{1,64}$/u)
    .default('onnx'),
  task: z.string().max(64),
  control_hz: z.literal([20, 50]),
  /** To */
  observation_horizon: z.int().min(1).max(8),
  /** Tp: rows that act, from the step of the last observation on. */
  prediction_horizon: z.int().min(1).max(MOST_HORIZON),
  /** Of joints, and of the gripper: its opening, m, or 0 (closed) to 1 (open). */
  units: z
    .strictObject({
      joints: z.enum(['rad', 'deg']).default('rad'),
      gripper: z.enum(['m', 'fraction']).default('m'),
    })
    .default({ joints: 'rad', gripper: 'm' }),
  /** By the names that the file has for them; noise is drawn in their order. */
  inputs: recordOf(z.string().min(1).max(200), inputSchema),
  output: outputSchema,
});

export type OnnxManifest = z.infer<typeof manifestSchema>;
export type OnnxInput = z.infer<typeof inputSchema>;

/**
 * What a person wrote beside a file.
 *
 * @throws OnnxPolicyError for what is no manifest
 */
export function parseManifest(text: string): OnnxManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new OnnxPolicyError('manifest: expected JSON, got something else; see docs/onnx.md', {
      cause,
    });
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new OnnxPolicyError(`manifest: ${explainIssues(parsed.error)}; see docs/onnx.md`, {
    cause: parsed.error,
  });
}

const horizonText = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number);

/** What `export` keeps in a file itself. */
const metadataSchema = z.object({
  task: z.string().max(64),
  control_hz: z.enum(['20', '50']).transform((hz) => Number(hz) as 20 | 50),
  observation_horizon: horizonText,
  prediction_horizon: horizonText,
  tokens: z
    .string()
    .max(MOST_WORDS * 41)
    .exactOptional(),
});

/**
 * The same of a file that says it itself, and calls inputs and output as `export` does.
 *
 * @param inputs their names
 * @throws OnnxPolicyError where it does not
 */
export function manifestOf(
  metadata: Readonly<Record<string, string>>,
  inputs: readonly string[],
): OnnxManifest {
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) {
    throw new OnnxPolicyError(
      `expected a manifest beside it, FILE.json, or metadata task, control_hz, observation_horizon, ` +
        `prediction_horizon, got ${explainIssues(parsed.error)}; see docs/onnx.md`,
    );
  }
  const { tokens, ...said } = parsed.data;
  const words = tokens?.split(',').slice(SPECIAL_TOKENS.length);
  const known: Readonly<Record<string, Partial<OnnxInput>>> = {
    observation: { is: 'observation' },
    noise: { is: 'noise' },
    fresh_noise: { is: 'noise', row_axis: 1 },
    instruction: { is: 'instruction', ...(words && { words }) },
    image: { is: 'image' },
  };
  const named = inputs.map((name) => {
    if (known[name]) return [name, known[name]] as const;
    const names = Object.keys(known).join(', ');
    throw new OnnxPolicyError(
      `expected inputs of ${names}, got "${name.slice(0, 80)}"; name others in a manifest (docs/onnx.md)`,
    );
  });
  // Noise is drawn first of all, then what is fresh.
  const order = Object.keys(known);
  named.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const manifest = { ...said, inputs: Object.fromEntries(named), output: { name: 'action' } };
  return parseManifest(JSON.stringify(manifest));
}
