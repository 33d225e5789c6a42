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
 * Frames of an episode at which a policy learns what to do. Of a whole demonstration all of them; of
 * an attempt that a policy began only those where a person had taken over: what it did until then is
 * what it must not learn (Kelly et al. 2019, HG-DAgger, arXiv:1810.02890).
 */
export function learntFrames({ length, intervention }: Demonstration): number[] {
  const all = Array.from({ length }, (_, t) => t);
  return intervention ? all.filter((t) => intervention[t] === 1) : all;
}

/**
 * One training pair for each frame that is learnt from: the last To observations up to that frame,
 * whoever brought the arm there, and the Tp actions from it on, as they were executed where the
 * policy was let go on within them.
 *
 * Before the first frame the first observation stands, after the last frame the last action: the
 * arm rests before it starts and holds when it is done.
 */
export function trainingWindows(
  demonstrations: readonly Demonstration[],
  normalizers: Normalizers,
  { obsHorizon, predHorizon }: { obsHorizon: number; predHorizon: number },
): TrainingWindows {
  const learnt = demonstrations.map(learntFrames);
  const count = learnt.reduce((total, frames) => total + frames.length, 0);
  const dim = normalizers.observation.size;
  const observations = new Float32Array(count * obsHorizon * dim);
  const chunks = new Float32Array(count * predHorizon * ACTION_DIM);
  let window = 0;
  for (const [which, demonstration] of demonstrations.entries()) {
    const { length } = demonstration;
    const seen = normalizers.observation.normalize(observationRows(demonstration, dim));
    const done = normalizers.action.normalize(demonstration.action.slice());
    for (const t of learnt[which]) {
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
      window++;
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
  const of = demonstrations.flatMap((demonstration, i) =>
    learntFrames(demonstration).map(() => distinct.indexOf(told[i])),
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
 * What a camera sees at frames of an episode, rendered from what is stored.
 *
 * @param at which frames. @default those of its windows
 * @returns [frames, size, size, 3]
 * @cost 0.6 ms a frame
 */
export function windowImages(
  demonstration: Demonstration,
  camera: Camera,
  at: readonly number[] = learntFrames(demonstration),
): Uint8Array {
  const { state, environment } = demonstration;
  const bytes = 3 * camera.spec.size ** 2;
  const images = new Uint8Array(at.length * bytes);
  const task = findTask(demonstration.task);
  const size = environmentDim(demonstration);
  for (const [row, t] of at.entries()) {
    const seen = environment.subarray(t * size, (t + 1) * size);
    const shapes = sceneShapes(task, {
      state: state.subarray(t * STATE_DIM, (t + 1) * STATE_DIM),
      objects: task.objectNames.map((_, i) => [seen[3 * i], seen[3 * i + 1], seen[3 * i + 2]]),
    });
    images.set(camera.render(shapes).rgb, row * bytes);
  }
  return images;
}
