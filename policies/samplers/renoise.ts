import { MAX_NFE } from '../config/nfe.ts';
import type { Path } from '../paths.ts';
import { defineSampler, type SamplerPlan, upTo } from './sampler.ts';

/**
 * Share of the way from noise to data at which the last answer is given. Nearer to the data a network adds
 * more error than it takes noise away: of 48 pictures of a flow in 20 calls 32 are accepted with 0.9, 28 with
 * 0.95.
 */
const LAST = 0.9;

/** Without noise. */
const DATA = { signal: 1, noise: 0 };

/**
 * Names the data and noises them anew, with fresh noise and less of it each time; of a flow a ← τ'·y + (1−τ')·z,
 * τ evenly from 0 to 0.9. The last y is the answer. Nothing but y is carried from call to call, so that errors
 * of earlier calls drown in the noise; an ODE's path carries them to its end. What is noised is the mean of the
 * data that may have become x, not one of them, so that it draws less diversely than the data are. NFE = steps;
 * a single one of a flow is Euler's.
 *
 * @see Song et al. 2023, algorithm 1, arXiv:2303.01469; Xu et al. 2023, arXiv:2306.14878, on errors and
 *      fresh noise
 */
export function renoise(path: Path, steps: number): SamplerPlan {
  const times = Array.from({ length: steps }, (_, i) =>
    path.timeAt(steps === 1 ? 0 : (LAST * i) / (steps - 1)),
  );
  return times.map((time, i) => {
    const { signal, noise } = i + 1 < steps ? path.levelAt(times[i + 1]) : DATA;
    return {
      time,
      answer: path.dataAt(time),
      clip: !path.velocity,
      next: { x: 0, y: signal, previousY: 0, noise },
    };
  });
}

export const RENOISE = defineSampler({
  kind: 'renoise',
  nfe: (objective) => upTo(objective.kind === 'diffusion' ? objective.steps : MAX_NFE),
  spec: (steps) => ({ kind: 'renoise', steps }),
  nfeOf: ({ steps }) => steps,
});
