import { MathUtils, PerspectiveCamera, TOUCH, Vector3 } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { Rect } from './layout.ts';

/**
 * Where the viewer stands: opposite the robot (its left is then on the right of the picture),
 * above the table with the robot at the top, or behind the robot's left shoulder.
 */
export type CameraPreset = 'front' | 'top' | 'behind';

interface Pose {
  readonly position: Vector3;
  readonly target: Vector3;
}

const PRESETS: Record<CameraPreset, Pose> = {
  front: { position: new Vector3(2.88, 0.28, 1.96), target: new Vector3(0.3, 0, 0.26) },
  // Slightly off the vertical, where "up" on the screen would be undefined.
  top: { position: new Vector3(0.403, 0, 3.4), target: new Vector3(0.4, 0, 0) },
  behind: { position: new Vector3(-1.4, 0.9, 2.05), target: new Vector3(0.42, 0.05, 0.12) },
};

/** What must fit into the width of a view, at the presets' distance: half of it, m. */
const HALF_WIDTH = 0.45;
const FITTING_DISTANCE = 3;
/** Vertical angle of view in wide views, degrees; where the texts have a place of their own, less. */
const FIELD_OF_VIEW = 26;
const CLEAR_FIELD_OF_VIEW = 21;
const GLIDE_TIME = 650;

/** The one camera of all views, and what moves it. */
export class CameraRig {
  readonly camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 0.1, 12);
  readonly #controls: OrbitControls;
  #glide: { from: Pose; to: Pose; since: number } | null = null;

  /**
   * @param onChange called when the picture changes
   * @param isSwiped whether one finger is left to the page, and two turn the camera
   */
  constructor(element: HTMLElement, onChange: () => void, isSwiped = () => false) {
    const giveFingers = () => {
      const swiped = isSwiped();
      this.#controls.touches.ONE = swiped ? null : TOUCH.ROTATE;
      this.#controls.touches.TWO = swiped ? TOUCH.DOLLY_ROTATE : TOUCH.DOLLY_PAN;
    };
    // Before the controls, which listen on the same element.
    element.addEventListener('pointerdown', giveFingers, { capture: true });
    const controls = new OrbitControls(this.camera, element);
    this.#controls = controls;
    controls.minDistance = 0.6;
    controls.maxDistance = 5;
    controls.maxPolarAngle = MathUtils.degToRad(88);
    controls.dampingFactor = 0.12;
    controls.addEventListener('start', () => {
      this.#glide = null;
    });
    this.moveTo('front', null);
    controls.addEventListener('change', onChange);
  }

  /** The pointer may turn the camera. */
  set enabled(enabled: boolean) {
    this.#controls.enabled = enabled;
  }

  set damping(enabled: boolean) {
    this.#controls.enableDamping = enabled;
  }

  /** @param now ms, to glide there; null to be there at once */
  moveTo(preset: CameraPreset, now: number | null): void {
    const to = PRESETS[preset];
    if (now === null) {
      this.#glide = null;
      this.#apply(to, to, 1);
      return;
    }
    const from = { position: this.camera.position.clone(), target: this.#controls.target.clone() };
    this.#glide = { from, to, since: now };
  }

  /**
   * Frames the scene in the part of a view that is clear; what lies around it shows the rest.
   *
   * @param clear from the view's corner; narrow ones get a taller angle of view
   */
  setView(view: { width: number; height: number }, clear: Rect): void {
    const aspect = clear.width / clear.height;
    const fitting = 2 * Math.atan(HALF_WIDTH / FITTING_DISTANCE / aspect);
    const whole = clear.width === view.width && clear.height === view.height;
    const least = whole ? FIELD_OF_VIEW : CLEAR_FIELD_OF_VIEW;
    this.camera.fov = Math.max(least, MathUtils.radToDeg(fitting));
    this.camera.setViewOffset(
      clear.width,
      clear.height,
      -clear.x,
      -clear.y,
      view.width,
      view.height,
    );
  }

  /** Advances glides and damping. @returns whether they are still moving */
  animate(now: number): boolean {
    const glide = this.#glide;
    if (glide) {
      const age = MathUtils.clamp((now - glide.since) / GLIDE_TIME, 0, 1);
      this.#apply(glide.from, glide.to, MathUtils.smootherstep(age, 0, 1));
      if (age === 1) this.#glide = null;
      return age < 1;
    }
    return this.#controls.update();
  }

  dispose(): void {
    this.#controls.dispose();
  }

  /** Between two poses on an arc about the target, so that it does not cut through the scene. */
  #apply(from: Pose, to: Pose, s: number): void {
    const target = this.#controls.target.lerpVectors(from.target, to.target, s);
    const start = ARM.subVectors(from.position, from.target);
    const distance = MathUtils.lerp(start.length(), to.position.distanceTo(to.target), s);
    const polar = Math.acos(start.z / start.length());
    const azimuth = Math.atan2(start.y, start.x);
    const end = ARM.subVectors(to.position, to.target);
    const endPolar = Math.acos(end.z / end.length());
    const turn = MathUtils.euclideanModulo(
      Math.atan2(end.y, end.x) - azimuth + Math.PI,
      2 * Math.PI,
    );
    const p = MathUtils.lerp(polar, endPolar, s);
    const a = azimuth + (turn - Math.PI) * s;
    this.camera.position
      .set(Math.sin(p) * Math.cos(a), Math.sin(p) * Math.sin(a), Math.cos(p))
      .multiplyScalar(distance)
      .add(target);
    this.camera.lookAt(target);
    this.#controls.update();
  }
}

const ARM = new Vector3();
