import type { Path } from '../paths.ts';
import type { SamplerPlan, SamplerStep } from './sampler.ts';

/** Parts of a sum. */
interface Parts {
  readonly x: number;
  /** Of the estimate of the data. */
  readonly data: number;
}

/** What a regression answers is the data. */
const ANSWER: SamplerStep['answer'] = { x: 0, network: 1 };

/**
 * The same steps, each by the estimate of the data that follows from the answer, clipped to ±1: a plan that
 * steps along velocities goes towards that estimate instead, which is the same where nothing is clipped.
 *
 * @param path that was learnt on; null for a regression
 * @see Ho et al. 2020, whose samples are drawn so, arXiv:2006.11239
 */
export function clipped(plan: SamplerPlan, path: Path | null): SamplerPlan {
  const steps: SamplerStep[] = [];
  for (const [i, { time, answer, next }] of plan.entries()) {
    const data = path?.dataAt(time) ?? ANSWER;
    const y = inData(answer, data);
    const before =
      next.previousY === 0 ? { x: 0, data: 0 } : lookingBack(plan[i - 1].answer, steps[i - 1]);
    steps.push({
      time,
      answer: data,
      clip: true,
      next: {
        x: next.x + next.y * y.x + next.previousY * before.x,
        y: next.y * y.data,
        previousY: next.previousY * before.data,
        noise: next.noise,
      },
    });
  }
  return steps;
}

/** What a step named, by x and the estimate of the data. */
function inData(answer: SamplerStep['answer'], data: SamplerStep['answer']): Parts {
  const share = answer.network / data.network;
  return { x: answer.x - data.x * share, data: share };
}

/**
 * What the step before named, by its estimate and by where that has led: x = next.x·(x before) + next.y·estimate,
 * as before a step that looks back on velocities comes one along them.
 */
function lookingBack(named: SamplerStep['answer'], { answer, next }: SamplerStep): Parts {
  const { x, data } = inData(named, answer);
  return x === 0 ? { x, data } : { x: x / next.x, data: data - (x * next.y) / next.x };
}
