import { Recorder, takeOver } from '../../demos/demonstrate.ts';
import type { Demonstration } from '../../demos/demonstration.ts';
import type { Expert } from '../../demos/experts/index.ts';
import type { Planner } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import {
  Episode,
  type InitialState,
  JOINT_COUNT,
  modeNames,
  type Rapier,
  SimError,
  type Task,
} from '../../sim/index.ts';
import { Actor, observeAll, setUpActors } from '../acting/actor.ts';

/** How long before it is too late a person takes the hand, s: they see it coming. */
const FORESIGHT = 1;
/** Below this opening the gripper closes on something, m. */
const CLOSING = 0.04;

/** An attempt of a policy, command by command. */
export interface Attempt {
  readonly initial: InitialState;
  /** f32 [8] a control step. */
  readonly commands: readonly Float32Array[];
  readonly success: boolean;
  readonly contact: boolean;
}

/**
 * Lets a policy act once, and keeps what it commanded.
 *
 * @param planner  of batch 1
 * @param noiseKey key of its noise; each chunk appends its number
 * @cost about 0.1 s, and its plans
 */
export async function attempt(
  rapier: Rapier,
  task: Task,
  planner: Planner,
  { initial, noiseKey }: { initial: InitialState; noiseKey: readonly number[] },
  actionHorizon: number,
): Promise<Attempt> {
  const setup = setUpActors(planner.policy, { actionHorizon });
  const episode = Episode.create(rapier, task, initial, planner.policy.controlHz);
  try {
    const actor = new Actor(episode, setup);
    const commands: Float32Array[] = [];
    while (!episode.decided) {
      if (actor.needsPlan) {
        const { observation, told } = observeAll(setup, [actor]);
        const stream = Random.of(...noiseKey, actor.plans);
        actor.accept((await planner.draw(observation, [stream], told)).chunk.slice());
      }
      commands.push(actor.step().slice());
    }
    const { success, contact } = episode.progress;
    return { initial, commands, success, contact };
  } finally {
    episode.free();
  }
}

/**
 * Control step at which a person would take over an attempt that fails: before it touches what it must
 * not; else before the gripper closes for the last time, as a grasp that fails is the usual reason;
 * else half-way.
 */
export function whenToTakeOver({ commands, contact }: Attempt, controlHz: number): number {
  const ahead = FORESIGHT * controlHz;
  const closes = commands.findLastIndex(
    (command, t) =>
      command[JOINT_COUNT] < CLOSING && (commands[t - 1]?.[JOINT_COUNT] ?? CLOSING) >= CLOSING,
  );
  const tooLate = closes >= 0 ? closes : Math.floor(commands.length / 2) + ahead;
  return Math.max(0, (contact ? commands.length : tooLate) - ahead);
}

/**
 * Replays an attempt up to a control step and lets an expert go on from there, by each of the task's
 * modes.
 *
 * @returns the correction that succeeds soonest, with its frames flagged; null where none does
 * @cost about 0.2 s a mode
 */
export function correct(
  rapier: Rapier,
  task: Task,
  expert: Expert,
  { initial, commands }: Pick<Attempt, 'initial' | 'commands'>,
  {
    at,
    controlHz,
    ...origin
  }: {
    at: number;
    controlHz: Episode['controlHz'];
    /** Of the expert's variation. */
    expertSeed: number;
    noise: number;
    startSeed: number;
  },
): Demonstration | null {
  const corrections = modeNames(task).flatMap((mode) => {
    const episode = Episode.create(rapier, task, initial, controlHz);
    try {
      const recorder = new Recorder(episode);
      for (const command of commands.slice(0, at)) recorder.step(command);
      const { expertSeed: seed, noise } = origin;
      takeOver(recorder, expert, mode, { initial, seed, noise });
      const made = recorder.finish({ source: 'scripted', seed: origin.startSeed, initial });
      return made.success ? [made] : [];
    } catch (error) {
      // An expert that cannot go on from here by this mode.
      if (error instanceof SimError) return [];
      throw error;
    } finally {
      episode.free();
    }
  });
  return corrections.sort((a, b) => a.length - b.length)[0] ?? null;
}
