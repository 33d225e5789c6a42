import { Normalizer, rangeOf } from '../policies/normalizer.ts';
import type { TextEncoder } from '../policies/text/encoder.ts';
import type { TrainingWindows, WindowTexts } from '../policies/training/windows.ts';
import { type Camera, sceneShapes } from '../sim/camera/index.ts';
import { ACTION_DIM, findTask, STATE_DIM } from '../sim/index.ts';
import type { Demonstration } from './demonstration.ts';

/** How a dataset's numbers are brought to [−1, 1]. */
export interface Normalizers {
  /** State and environment of one control step, concatenated. */
  readonly observation: Normalizer;
  readonly action: Normalizer;
}

function environmentDim({ environment, length }: Demonstration): number {
  return environment.length / length;
}

/**
 * @param blind whether the policy is given only the state, and nothing of the scene. @default false
 */
export function normalizersOf(
  demonstrations: readonly Demonstration[],
  { blind = false }: { blind?: boolean } = {},
): Normalizers {
  const size = environmentDim(demonstrations[0]);
  const state = rangeOf(
    demonstrations.map(({ state }) => state),
    STATE_DIM,
  );
  const environment = rangeOf(
    demonstrations.map(({ environment }) => environment),
    size,
  );
  const seen = blind ? [state] : [state, environment];
  return {
    observation: new Normalizer({
      min: seen.flatMap(({ min }) => [...min]),
      max: seen.flatMap(({ max }) => [...max]),
    }),
    action: new Normalizer(
      rangeOf(
        demonstrations.map(({ action }) => action),
        ACTION_DIM,
      ),
    ),
  };
}

/**
 * One training pair for each frame of each demonstration: the last To observations up to that
 * frame, and the Tp actions from it on.
 *
 * Before the first frame the first observation stands, after the last frame the last action: the
 * arm rests before it starts and holds when it is done.
 */
export function trainingWindows(
  demonstrations: readonly Demonstration[],
  normalizers: Normalizers,
  { obsHorizon, predHorizon }: { obsHorizon: number; predHorizon: number },
): TrainingWindows {
  const count = demonstrations.reduce((total, { length }) => total + length, 0);
  const dim = normalizers.observation.size;
  const observations = new Float32Array(count * obsHorizon * dim);
  const chunks = new Float32Array(count * predHorizon * ACTION_DIM);
  let window = 0;
  for (const demonstration of demonstrations) {
    const { length } = demonstration;
    const seen = normalizers.observation.normalize(observationRows(demonstration, dim));
    const done = normalizers.action.normalize(demonstration.action.slice());
    for (let t = 0; t < length; t++, window++) {
      for (let i = 0; i < obsHorizon; i++) {
        const frame = Math.max(0, t - obsHorizon + 1 + i);
        const row = seen.subarray(frame * dim, (frame + 1) * dim);
        observations.set(row, (window * obsHorizon + i) * dim);
      }
      for (let i = 0; i < predHorizon; i++) {
        const frame = Math.min(length - 1, t + i);
        const row = done.subarray(frame * ACTION_DIM, (frame + 1) * ACTION_DIM);
        chunks.set(row, (window * predHorizon + i) * ACTION_DIM);
      }
    }
  }
  return { count, observations, chunks };
}

/** The instructions of `trainingWindows`; empty in tasks without a language. */
export async function windowTexts(
  demonstrations: readonly Demonstration[],
  encoder: TextEncoder,
): Promise<WindowTexts> {
  const told = demonstrations.map(({ initial }) => initial.instruction ?? '');
  const distinct = [...new Set(told)];
  const rows = await Promise.all(distinct.map(async (text) => (await encoder.encode(text)).row));
  const { row: silence } = await encoder.encode('');
  const of = demonstrations.flatMap(({ length }, i) =>
    new Array<number>(length).fill(distinct.indexOf(told[i])),
  );
  return { rows, of: Uint32Array.from(of), silence };
}

/** [T, dim]: state, then as much of the environment as there is room for. */
function observationRows(demonstration: Demonstration, dim: number): Float32Array {
  const { state, environment, length } = demonstration;
  const size = dim - STATE_DIM;
  const rows = new Float32Array(length * dim);
  for (let t = 0; t < length; t++) {
    rows.set(state.subarray(t * STATE_DIM, (t + 1) * STATE_DIM), t * dim);
    rows.set(environment.subarray(t * size, (t + 1) * size), t * dim + STATE_DIM);
  }
  return rows;
}

/**
 * What a camera sees at each frame of an episode, and so in each of its windows, rendered from what
 * is stored.
 *
 * @returns [T, size, size, 3]
 * @cost 0.6 ms a frame
 */
export function windowImages(demonstration: Demonstration, camera: Camera): Uint8Array {
  const { state, environment, length } = demonstration;
  const bytes = 3 * camera.spec.size ** 2;
  const images = new Uint8Array(length * bytes);
  const task = findTask(demonstration.task);
  const size = environmentDim(demonstration);
  for (let t = 0; t < length; t++) {
    const seen = environment.subarray(t * size, (t + 1) * size);
    const shapes = sceneShapes(task, {
      state: state.subarray(t * STATE_DIM, (t + 1) * STATE_DIM),
      objects: task.objectNames.map((_, i) => [seen[3 * i], seen[3 * i + 1], seen[3 * i + 2]]),
    });
    images.set(camera.render(shapes).rgb, t * bytes);
  }
  return images;
}
