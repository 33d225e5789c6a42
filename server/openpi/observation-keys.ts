import {
  createFrames,
  forwardKinematics,
  MAX_GRIPPER_OPENING,
  STATE_DIM,
} from '../../sim/index.ts';
import type { ObservationKeys } from '../protocol/policy-servers.ts';
import type { Sendable } from './codec.ts';
import type { Declared } from './declared.ts';
import { floats, type NumpyArray } from './numpy.ts';

/** Pixels a side of the pictures that servers of DROID and LIBERO are made for. */
const PICTURE = 224;

/** What a policy observes in some rows, in the units of this program. */
export interface ObservedRows {
  readonly rows: number;
  /** [rows, To, Do], rad and m, oldest first */
  readonly observation: Float32Array;
  /** [rows, size, size, 3]; null for a policy without a camera */
  readonly images: Uint8Array | null;
  readonly prompts: readonly string[];
}

/** How observations are called, and what servers that call them so are given besides. */
interface Naming {
  /** Pixels a side of the pictures; null for none. */
  picture(declared: Declared): number | null;
  /** Takes instructions in, whether it says so or not. */
  readonly instructions: boolean;
  /** Whether several rows may go into one request. */
  readonly batches: boolean;
  /** The gripper's place in an action, m, of what a server says. */
  gripper(said: number): number;
  request(rows: ObservedRows, declared: Declared): Readonly<Record<string, Sendable>>;
}

export const NAMINGS: Readonly<Record<ObservationKeys, Naming>> = {
  /** As LeRobot's datasets of this program call them. */
  fp: {
    picture: ({ picture = null }) => picture,
    instructions: false,
    batches: true,
    gripper: (said) => said,
    request: asDatasets,
  },
  /** openpi's for the DROID set-up: a Panda arm; its gripper's place is 0 open, 1 closed. */
  droid: {
    picture: () => PICTURE,
    instructions: true,
    batches: false,
    gripper: (said) => (1 - said) * MAX_GRIPPER_OPENING,
    request(rows) {
      const state = newestState(rows);
      const closed = 1 - state[STATE_DIM - 1] / MAX_GRIPPER_OPENING;
      return {
        'observation/joint_position': floats(state.slice(0, STATE_DIM - 1), [STATE_DIM - 1]),
        'observation/gripper_position': floats(Float32Array.of(closed), [1]),
        'observation/exterior_image_1_left': picture(rows.images),
        // There is no camera at the wrist: it sees nothing.
        'observation/wrist_image_left': picture(null),
        prompt: rows.prompts[0] ?? '',
      };
    },
  },
  /** openpi's for LIBERO: position and axis-angle of the hand, places of both fingers. */
  libero: {
    picture: () => PICTURE,
    instructions: true,
    batches: false,
    gripper: (said) => said,
    request(rows) {
      return {
        'observation/state': floats(handState(newestState(rows)), [8]),
        'observation/image': picture(rows.images),
        'observation/wrist_image': picture(null),
        prompt: rows.prompts[0] ?? '',
      };
    },
  },
};

function asDatasets(
  { rows, observation, images, prompts }: ObservedRows,
  { obs_horizon: horizon, batch, picture: size }: Declared,
): Readonly<Record<string, Sendable>> {
  const steps = horizon ?? 1;
  const size1 = observation.length / (rows * steps);
  const axes = [...(batch > 1 ? [rows] : []), ...(horizon === undefined ? [] : [horizon])];
  const part = (from: number, to: number) => {
    const out = new Float32Array(rows * steps * (to - from));
    for (let i = 0; i < rows * steps; i++) {
      out.set(observation.subarray(i * size1 + from, i * size1 + to), i * (to - from));
    }
    return floats(out, [...axes, to - from]);
  };
  return {
    'observation.state': part(0, STATE_DIM),
    'observation.environment_state': part(STATE_DIM, size1),
    ...(images &&
      size !== undefined && {
        'observation.images.front': {
          dtype: '|u1',
          shape: [...(batch > 1 ? [rows] : []), size, size, 3],
          data: images,
        } satisfies NumpyArray,
      }),
    prompt: batch > 1 ? prompts : (prompts[0] ?? ''),
  };
}

/** `observation.state` of the only row, as it is now. */
function newestState({ observation }: ObservedRows): Float32Array {
  return observation.subarray(0, STATE_DIM);
}

function picture(image: Uint8Array | null): NumpyArray {
  const shape = [PICTURE, PICTURE, 3];
  return { dtype: '|u1', shape, data: image ?? new Uint8Array(3 * PICTURE * PICTURE) };
}

/** LIBERO's state: the hand's position (m) and rotation (axis times angle, rad), and both fingers. */
function handState(state: Float32Array): Float32Array {
  const { tcpPosition, tcpRotation: r } = forwardKinematics(state, createFrames());
  const finger = state[STATE_DIM - 1] / 2;
  return Float32Array.of(...tcpPosition, ...axisAngle(r), finger, -finger);
}

/** Of a rotation matrix, row-major; a half turn, as of a hand that points down, has no unique sign. */
function axisAngle(r: Float64Array): [number, number, number] {
  const angle = Math.acos(Math.min(1, Math.max(-1, (r[0] + r[4] + r[8] - 1) / 2)));
  const sine = Math.sin(angle);
  if (angle < 1e-6) return [0, 0, 0];
  if (sine > 1e-4) {
    const scale = angle / (2 * sine);
    return [(r[7] - r[5]) * scale, (r[2] - r[6]) * scale, (r[3] - r[1]) * scale];
  }
  // R + 1 = 2 a aᵀ: its column of the largest diagonal is along the axis.
  const i = [0, 1, 2].reduce((best, each) => (r[4 * each] > r[4 * best] ? each : best), 0);
  const column = [0, 1, 2].map((row) => r[3 * row + i] + (row === i ? 1 : 0));
  const scale = angle / Math.hypot(...column);
  return [column[0] * scale, column[1] * scale, column[2] * scale];
}
