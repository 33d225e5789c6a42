import { cos, sin } from '../math/trig.ts';
import type { PerturbationKind } from './perturbation.ts';

/** A camera that was put up beside its place. */
export const cameraShift = {
  name: 'camera-shift',
  unit: 'm',
  about: "camera moved sideways, to the robot's left",
  range: [-0.5, 0.5],
  drawn: false,
  seen: true,
  look: (camera, shift) => ({
    ...camera,
    eye: [camera.eye[0], camera.eye[1] + shift, camera.eye[2]],
    target: [camera.target[0], camera.target[1] + shift, camera.target[2]],
  }),
} as const satisfies PerturbationKind;

/** A camera that was turned where it stands. */
export const cameraTurn = {
  name: 'camera-turn',
  unit: 'rad',
  about: 'camera turned about the vertical through its eye, counter-clockwise from above',
  range: [-0.5, 0.5],
  drawn: false,
  seen: true,
  look(camera, angle) {
    const { eye, target } = camera;
    const [x, y] = [target[0] - eye[0], target[1] - eye[1]];
    const [c, s] = [cos(angle), sin(angle)];
    return { ...camera, target: [eye[0] + c * x - s * y, eye[1] + s * x + c * y, target[2]] };
  },
} as const satisfies PerturbationKind;

/** A room that is brighter or darker. */
export const light = {
  name: 'light',
  unit: '×',
  about: 'brightness of what the camera sees, before it is made bytes',
  range: [0, 10],
  drawn: false,
  seen: true,
  look: (camera, factor) => ({ ...camera, exposure: factor * (camera.exposure ?? 1) }),
} as const satisfies PerturbationKind;
