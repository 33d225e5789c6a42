/**
 * The three-dimensional part of the page: linked views of one scene, each with its own arm.
 *
 * z up (REP-103), metres, radians. Free of any framework: give it an element, then feed it frames.
 */
import { Object3D } from 'three';
import { ThreeStage } from './stage.ts';
import { type Stage, StageError, type StageOptions, type ViewSpec } from './types.ts';

export {
  CONTACT_COLOR,
  cssColor,
  PATH_COLORS,
  POLICY_ACCENTS,
  SUCCESS_COLOR,
} from '../shared/colors.ts';
export type { CameraPreset } from './camera-rig.ts';
export { type Insets, NO_INSETS, type Rect, type ViewRect } from './layout.ts';
export { STRAND_POINTS } from './strands.ts';
export type {
  Bounds,
  DragPhase,
  HandGrabListener,
  HandMoveListener,
  NoisedPaths,
  ObjectDragListener,
  PlannedPath,
  Quality,
  Region,
  SceneFrame,
  SettleObject,
  Stage,
  StageOptions,
  StageStats,
  Strand,
  ViewSpec,
  WayLabel,
} from './types.ts';
export { StageError } from './types.ts';

const MAX_VIEWS = 5;

/**
 * A stage that fills `container`, which must be positioned and have a size of its own.
 *
 * @param views 1 to 5, all shown at first
 * @throws StageError where the browser has no WebGL 2
 * @cost 0.2 to 0.4 s on a slow CPU; in 'high' quality software rendering takes seconds for the
 *   first frame
 */
export function createStage(
  container: HTMLElement,
  views: readonly ViewSpec[],
  options: StageOptions = {},
): Stage {
  if (views.length < 1 || views.length > MAX_VIEWS) {
    throw new StageError(`expected 1 to ${MAX_VIEWS} views, got ${views.length}`);
  }
  // Everything three makes from here on takes z for up.
  Object3D.DEFAULT_UP.set(0, 0, 1);
  return new ThreeStage(container, views, options);
}
