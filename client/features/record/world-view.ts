import { distance, type Task, type Vec3 } from '../../../sim/index.ts';
import { type CoachStep, coach } from './coach.ts';
import type { Take } from './take.ts';

/** The recorder's world as it is now. */
export interface WorldView {
  /** [8]: joint positions (rad), opening (m). */
  readonly state: Float32Array;
  readonly tcp: Vec3;
  /** Positions of the objects, m, in the task's order. */
  readonly objects: readonly Vec3[];
  /** Where the hand is on its way to, m. */
  readonly hand: Vec3;
  readonly steps: number;
  readonly contact: boolean;
  readonly over: boolean;
  readonly lost: boolean;
  readonly success: boolean;
  readonly mode: string | null;
  /** The object that is held up. */
  readonly lifted: string | null;
  readonly closing: boolean;
  /** Whole seconds until recording begins; null where nothing is counted. */
  readonly countdown: number | null;
  readonly coach: CoachStep;
}

export function viewOf(task: Task, { recorder, closing, left: countdown }: Take): WorldView {
  const { state, tcp, objects, steps, initial } = recorder;
  const { contact, overObstacle: over, lost, success, mode, lifted } = recorder.progress;
  const ball = targetOf(task, initial.instruction, tcp, objects);
  const obstacleX = Math.max(...task.scene.obstacles.map(({ x }) => x));
  const spoiled = contact || over || lost;
  return {
    state,
    tcp,
    objects,
    hand: recorder.hand.position,
    steps,
    contact,
    over,
    lost,
    success,
    mode,
    lifted,
    closing,
    countdown,
    coach: coach({ tcp, ball, opening: state[7], closing, obstacleX, success, spoiled }),
  };
}

/** The ball that is asked for; the nearest to the hand where any will do. */
function targetOf(
  { language, objectNames }: Task,
  instruction: string | undefined,
  tcp: Vec3,
  objects: readonly Vec3[],
): Vec3 {
  const wanted = language?.understand(instruction ?? '').object ?? null;
  const named = wanted === null ? undefined : objects[objectNames.indexOf(wanted)];
  return named ?? [...objects].sort((a, b) => distance(tcp, a) - distance(tcp, b))[0];
}
