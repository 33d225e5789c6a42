import type { Demonstration } from '../../demos/demonstration.ts';
import { ACTION_DIM, STATE_DIM } from '../../sim/index.ts';
import { SCRIPTED_SPEC, type ScriptInputs } from './scripted-policy.ts';

const { obsHorizon, predHorizon } = SCRIPTED_SPEC;
const CHUNK = predHorizon * ACTION_DIM;

/**
 * A script that goes on as the demonstration whose frame looks most like what it sees. Where two
 * look alike, as at their common start, the sign of the first noise decides.
 */
export function imitator(demonstrations: readonly Demonstration[]) {
  const [{ environment, length }] = demonstrations;
  const observationDim = STATE_DIM + environment.length / length;
  return ({ observation, noise }: ScriptInputs): Float32Array => {
    const chunks = new Float32Array(noise.length);
    for (let row = 0; row * CHUNK < noise.length; row++) {
      const last = (row * obsHorizon + obsHorizon - 1) * observationDim;
      const seen = observation.subarray(last, last + observationDim);
      const order = noise[row * CHUNK] < 0 ? demonstrations : demonstrations.toReversed();
      const { demonstration, frame } = nearest(order, seen);
      for (let i = 0; i < predHorizon; i++) {
        const from = Math.min(demonstration.length - 1, frame + i) * ACTION_DIM;
        chunks.set(
          demonstration.action.subarray(from, from + ACTION_DIM),
          row * CHUNK + i * ACTION_DIM,
        );
      }
    }
    return chunks;
  };
}

function nearest(demonstrations: readonly Demonstration[], seen: Float32Array) {
  let best = { demonstration: demonstrations[0], frame: 0, distance: Number.POSITIVE_INFINITY };
  for (const demonstration of demonstrations) {
    const { state, environment, length } = demonstration;
    const environmentDim = environment.length / length;
    for (let frame = 0; frame < length; frame++) {
      let distance = 0;
      for (let i = 0; i < STATE_DIM; i++) {
        distance += (state[frame * STATE_DIM + i] - seen[i]) ** 2;
      }
      for (let i = 0; i < environmentDim; i++) {
        distance += (environment[frame * environmentDim + i] - seen[STATE_DIM + i]) ** 2;
      }
      if (distance < best.distance) best = { demonstration, frame, distance };
    }
  }
  return best;
}
