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

/** A picture that is brighter or darker; a byte is the square root of the light, nearly. */
export const light = {
  name: 'light',
  unit: '×',
  about: 'light of what the camera sees; what is too bright for a byte stays white',
  range: [0, 10],
  drawn: false,
  seen: true,
  develop(rgb, factor) {
    const gain = Math.sqrt(factor);
    for (let i = 0; i < rgb.length; i++) rgb[i] = Math.min(255, Math.floor(gain * rgb[i] + 0.5));
  },
} as const satisfies PerturbationKind;
