import type { PolicyDescription } from '../../policies/policy.ts';
import { STATE_DIM } from '../../sim/index.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Value } from './codec.ts';
import { arrayOf, type Fields, finite, readFields, refused } from './fields.ts';
import { isNumpyArray, toFloats } from './numpy.ts';

/** What a client of ours asks for: plans of some rows. */
export interface PlanRequest {
  readonly rows: number;
  /** The client asks about one row without an axis for it, and is answered so. */
  readonly single: boolean;
  /** [rows, To, Do], rad and m, oldest first */
  readonly observation: Float32Array;
  /** [rows, size, size, 3]; null for a policy without a camera */
  readonly images: Uint8Array | null;
  readonly instructions: readonly string[];
  /** [rows, Tp, 8] of N(0, 1); null where the client gave none. */
  readonly noise: Float32Array | null;
  /** Of each row's noise, where the client gave them. */
  readonly seeds: readonly number[] | null;
}

/** What a policy is asked with. */
type Asked = Pick<
  PolicyDescription,
  'obsHorizon' | 'predHorizon' | 'observationDim' | 'actionDim' | 'abilities'
>;

/** Names of what a policy observes, as its datasets call it, and their shapes for one row. */
export function observationsOf(policy: Asked): Readonly<Record<string, readonly number[]>> {
  const { obsHorizon, observationDim, abilities } = policy;
  const environment = observationDim - STATE_DIM;
  const size = abilities.picture;
  return {
    'observation.state': [obsHorizon, STATE_DIM],
    ...(environment > 0 && { 'observation.environment_state': [obsHorizon, environment] }),
    ...(size !== null && { 'observation.images.front': [size, size, 3] }),
  };
}

/**
 * Reads what a client sends.
 *
 * A single observation, without an axis for the steps, stands for all To of them, as at the beginning of
 * an episode.
 *
 * @param batch rows that one request may ask about
 * @throws ProtocolError 'invalid-request' for what is no such request
 */
export function readRequest(frame: Uint8Array, policy: Asked, batch: number): PlanRequest {
  const { obsHorizon, predHorizon, observationDim, actionDim, abilities } = policy;
  const asked = readFields(frame, 'observations');
  const shapes = observationsOf(policy);
  const state = asked.get('observation.state');
  const rank = isNumpyArray(state) ? state.shape.length : 0;
  const rows = rank === 3 && isNumpyArray(state) ? state.shape[0] : 1;
  if (rows < 1 || rows > batch) {
    throw refused(`observation.state: expected 1 to ${batch} rows, got ${rows}`);
  }
  const axes = rank === 3 ? [rows] : [];
  const observation = new Float32Array(rows * obsHorizon * observationDim);
  let at = 0;
  for (const key of ['observation.state', 'observation.environment_state']) {
    const shape = shapes[key];
    if (!shape) continue;
    const [, size] = shape;
    // One step alone, too.
    const array = arrayOf(asked, key, rank === 3 ? [[rows, ...shape]] : [shape, [size]]);
    const values = finite(key, toFloats(array));
    for (let i = 0; i < rows * obsHorizon; i++) {
      const from = values.length === size ? 0 : i * size;
      observation.set(values.subarray(from, from + size), i * observationDim + at);
    }
    at += size;
  }
  const picture = shapes['observation.images.front'];
  return {
    rows,
    single: rank !== 3,
    observation,
    images: picture ? readImages(asked, [...axes, ...picture]) : null,
    instructions: abilities.instructions ? readInstructions(asked, rows) : [],
    noise: asked.has('fp/noise')
      ? finite(
          'fp/noise',
          toFloats(arrayOf(asked, 'fp/noise', [[...axes, predHorizon, actionDim]])),
        )
      : null,
    seeds: readSeeds(asked.get('fp/seed'), rows),
  };
}

function readImages(asked: Fields, shape: readonly number[]): Uint8Array {
  const { data, dtype } = arrayOf(asked, 'observation.images.front', [shape]);
  if (data instanceof Uint8Array && dtype === '|u1') return data;
  throw refused(`observation.images.front: expected numbers of uint8, got ${dtype}`);
}

function readInstructions(asked: Fields, rows: number): readonly string[] {
  const prompt = asked.get('prompt') ?? '';
  const prompts: readonly Value[] = Array.isArray(prompt) ? prompt : new Array(rows).fill(prompt);
  return Array.from({ length: rows }, (_, row) => {
    const text = prompts[row];
    if (typeof text === 'string' && text.length <= LIMITS.instruction) return text;
    throw refused(
      `prompt: expected text of at most ${LIMITS.instruction} characters for each of ${rows} rows`,
    );
  });
}

function readSeeds(value: Value | undefined, rows: number): readonly number[] | null {
  if (value === undefined || value === null) return null;
  const seeds: readonly Value[] = Array.isArray(value) ? value : [value];
  const whole = (seed: Value): seed is number =>
    typeof seed === 'number' && Number.isInteger(seed) && seed >= 0 && seed <= LIMITS.seed;
  if (seeds.length === rows && seeds.every(whole)) return seeds;
  throw refused(
    `fp/seed: expected a whole number from 0 to ${LIMITS.seed} for each of ${rows} rows`,
  );
}
