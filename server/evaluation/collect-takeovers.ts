import type { Demonstration } from '../../demos/demonstration.ts';
import type { Expert } from '../../demos/experts/index.ts';
import type { Policy } from '../../policies/policy.ts';
import { type Rapier, startSeed, type Task } from '../../sim/index.ts';
import { attempt, correct, whenToTakeOver } from './takeover.ts';

/** Of the starts at which takeovers are looked for: behind those of the dataset of the same seed. */
const FIRST_START = 32_768;

export interface TakeoverSearch {
  readonly rapier: Rapier;
  readonly task: Task;
  readonly expert: Expert;
  readonly policy: Policy;
  /** Ta, control steps. */
  readonly actionHorizon: number;
  /** Of starts, noise and the expert's variation. */
  readonly seed: number;
  /** Takeovers wanted. */
  readonly takeovers: number;
  /** Attempts that may be made for them. */
  readonly attempts: number;
  /** How much the expert varies, as `Expert.demonstrate` takes it. */
  readonly variation: number;
}

export interface Takeovers {
  readonly corrections: readonly Demonstration[];
  readonly attempts: number;
  readonly failures: number;
}

/**
 * Lets a policy act from start after start, and where it fails lets a scripted expert take over in
 * time: what a person does who watches it.
 *
 * @param onTakeover called after each
 * @param signal     ends it between two attempts; what there is by then is returned
 * @cost about 0.2 s an attempt and 0.4 s a takeover
 */
export async function collectTakeovers(
  { rapier, task, expert, policy, actionHorizon, seed, takeovers, ...most }: TakeoverSearch,
  onTakeover: (made: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Takeovers> {
  const planner = await policy.prepare(1);
  const { controlHz } = policy.describe();
  const corrections: Demonstration[] = [];
  let attempts = 0;
  let failures = 0;
  try {
    while (corrections.length < takeovers && attempts < most.attempts && !signal?.aborted) {
      const start = FIRST_START + attempts++;
      const of = startSeed('demonstration', seed, start);
      const initial = task.sampleInitialState(of);
      const noiseKey = [seed, start, 0];
      const tried = await attempt(rapier, task, planner, { initial, noiseKey }, actionHorizon);
      if (tried.success) continue;
      failures++;
      const correction = correct(rapier, task, expert, tried, {
        at: whenToTakeOver(tried, controlHz),
        controlHz,
        expertSeed: start,
        noise: most.variation,
        startSeed: of,
      });
      if (!correction) continue;
      corrections.push(correction);
      onTakeover(corrections.length);
    }
    return { corrections, attempts, failures };
  } finally {
    await planner.dispose();
  }
}
