import type { Vec3 } from '../../sim/math/vec.ts';
import type { TaskScene } from '../../sim/tasks/task.ts';
import type { CameraPreset } from './camera-rig.ts';
import type { Insets, ViewRect } from './layout.ts';

/** One of the linked views: its own arm, objects and plans in the scene they all share. */
export interface ViewSpec {
  readonly id: string;
  /** Spoken by screen readers; the page writes the visible title itself, in HTML. */
  readonly title: string;
}

/** 'low' is for software rendering: no shadows, no reflections, one device pixel a CSS pixel. */
export type Quality = 'high' | 'low';

/** What one view shows at one moment. Read during the call and not kept. */
export interface SceneFrame {
  /** 7 joint positions, rad. */
  readonly joints: ArrayLike<number>;
  /** Between the finger pads, m, 0 to 0.08. */
  readonly opening: number;
  /** Centre of each movable object, m, world frame, in the order of the scene's. */
  readonly objects: readonly ArrayLike<number>[];
  /** An obstacle has been touched. */
  readonly contact: boolean;
  readonly success: boolean;
}

/** One sampled future of the TCP. */
export interface PlannedPath {
  /** [n, 3] positions, m, world frame, soonest first. */
  readonly points: Float32Array;
  /** Of the way it takes, sRGB hex. */
  readonly color: number;
  /** It runs into an obstacle: a cross marks where. */
  readonly blocked: boolean;
  /** The one being executed. */
  readonly chosen: boolean;
}

/** Plans on their way out of noise. */
export interface NoisedPaths {
  /** Their colours are those of the ways they end on. The chosen one is drawn large. */
  readonly futures: readonly { readonly color: number; readonly chosen: boolean }[];
  /** [futures, points, 3] m, world frame: where they stood, the oldest first, and where they stand. */
  readonly layers: readonly Float32Array[];
  /** How far beads that stand are joined to a line, 0 to 1. */
  readonly strung: number;
  /** [points, 3] m: where the chosen one points to; null for none. */
  readonly lead: Float32Array | null;
}

/** One of many paths that are shown at once. */
export interface Strand {
  /** [n, 3] positions, m, world frame. */
  readonly points: Float32Array;
  /** sRGB hex */
  readonly color: number;
  /** Line px. */
  readonly width: number;
  readonly opacity: number;
}

/** A convex area of the table. */
export interface Region {
  /** Counter-clockwise, m. */
  readonly corners: readonly (readonly [x: number, y: number])[];
  /** sRGB hex */
  readonly color: number;
}

/** What is written on the table for a way past the obstacles. */
export interface WayLabel {
  readonly word: string;
  /** sRGB hex */
  readonly color: number;
}

/** A rectangle on the table, m, world frame. */
export interface Bounds {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export type DragPhase = 'start' | 'move' | 'end';
/** Where object `index` was dragged to on the table, m. */
export type ObjectDragListener = (x: number, y: number, phase: DragPhase, index: number) => void;
/** Where the hand's target was moved to, m. The array is reused by the next call. */
export type HandMoveListener = (position: Vec3, phase: DragPhase) => void;

/**
 * How far a view's hand was drawn since it was taken, m, world frame. The array is reused by the next
 * call.
 */
export type HandGrabListener = (view: string, offset: Vec3, phase: DragPhase) => void;

/** The nearest place on the table, m, where object `index` may lie. */
export type SettleObject = (x: number, y: number, index: number) => readonly [x: number, y: number];

export interface StageOptions {
  /** 'high' also decides, for the life of the stage, that edges are antialiased. @default 'high' */
  readonly quality?: Quality;
  /** No pulsing, no gliding camera. @default false */
  readonly reducedMotion?: boolean;
  /** Told where the views lie whenever that changes, for HTML laid over them. */
  readonly onLayout?: (rects: readonly ViewRect[]) => void;
  /** Told when the browser takes the graphics memory away, and when it is drawn again. */
  readonly onPicture?: (drawn: boolean) => void;
  /** Told false as soon as the picture is to change, and true once it shows all that it was given. */
  readonly onSettled?: (settled: boolean) => void;
  /** Whether one finger is left to the page, and two turn the camera. Asked at each touch. */
  readonly isSwiped?: () => boolean;
}

/** What was drawn. */
export interface StageStats {
  /** Frames since the stage was made; stands still while nothing changes. */
  readonly frames: number;
  /** Draw calls of the last frame, all views and shadows together. */
  readonly drawCalls: number;
  /** Triangles of the last frame, likewise. */
  readonly triangles: number;
  /** CPU time of the last frame, ms; the GPU works on after that. */
  readonly milliseconds: number;
}

/**
 * The three-dimensional part of the page.
 *
 * Every method that names a view throws a StageError where there is no such view. Nothing is
 * drawn until something changes, and then once, in the next animation frame.
 */
export interface Stage {
  /**
   * Shows a moment, and adds to the trail where the TCP has moved; a jump begins a new trail.
   *
   * @cost about 5 µs, and no allocation: made to be called at 60 Hz a view
   */
  setFrame(view: string, frame: SceneFrame): void;
  /**
   * Replaces the sampled futures.
   *
   * @param paths at most 64 of at most 128 points each; what is beyond is left out
   * @cost about 0.1 ms for 64 paths of 32 points
   */
  setFan(view: string, paths: readonly PlannedPath[]): void;
  /** Shows plans on their way out of noise in place of the sampled futures; null: those again. */
  setNoised(view: string, paths: NoisedPaths | null): void;
  /** Replaces futures that are remembered: drawn faintly under the others, with no draw call of their own. */
  setGhosts(view: string, paths: readonly PlannedPath[]): void;
  /** Colours the light rings on the arm, and the trail from here on: sRGB hex. @default white */
  setAccent(view: string, accent: number): void;
  /** Replaces the travelled path, as after a seek: [n, 3] TCP positions, m. */
  setTrail(view: string, points: Float32Array): void;
  clearTrail(view: string): void;
  /**
   * Replaces the paths of many episodes, drawn in this order.
   *
   * @param strands `STRAND_POINTS` points in all; what is beyond is left out
   * @cost about 1 ms for 6,000 points
   */
  setStrands(view: string, strands: readonly Strand[]): void;
  /** Replaces the areas that are marked on the table. */
  setRegions(view: string, regions: readonly Region[]): void;
  /** Puts a scene in place of a view's, which is empty at first; the next `setFrame` places its objects. */
  setScene(view: string, scene: TaskScene): void;

  /** Shows these views, in this order: several to compare, one to focus on it or to record. */
  showViews(ids: readonly string[]): void;
  /** Where the page writes over every view, CSS px: what the view shows keeps clear of it. */
  setInsets(insets: Insets): void;
  /** Moves the camera that all views share; it glides unless motion is reduced. */
  setCamera(preset: CameraPreset): void;

  /**
   * Lets a pointer drag the objects over the table in any view. While it lasts, the object follows
   * the pointer in every view, and stays where it was dropped until the next `setFrame`.
   *
   * @param bounds outlined meanwhile
   */
  enableObjectDrag(onDrag: ObjectDragListener, bounds: Bounds, settle: SettleObject): void;
  disableObjectDrag(): void;
  /**
   * Lets a pointer take the hand in any view where `canGrab` says so, and draw it in the plane that
   * faces the camera. Nothing of it moves the arm: frames do. A ball that lies in the hand goes first.
   */
  enableHandGrab(onGrab: HandGrabListener, canGrab: (view: string) => boolean): void;
  disableHandGrab(): void;
  /**
   * Shows handles for moving the hand's target, in the only view shown, as soon as they are fetched.
   *
   * @throws StageError when not exactly one view is shown; an error where they cannot be fetched
   */
  enableHandGizmo(onMove: HandMoveListener): Promise<void>;
  /** Puts the target somewhere, m, world frame; ignored while it is being dragged. */
  setHandGizmo(position: ArrayLike<number>): void;
  disableHandGizmo(): void;

  /** What is written on the table, from the robot's left (+y) to its right. @default nothing */
  setWayLabels(labels: readonly WayLabel[]): void;
  setQuality(quality: Quality): void;
  setReducedMotion(reduced: boolean): void;

  /** Where a view lies in the container, CSS px; null when it is not shown. */
  viewRect(view: string): ViewRect | null;
  /**
   * Within an animation frame: draws what differs in it, and not in the next one. For what follows a
   * person's hand.
   */
  drawNow(): void;
  /** Where a world point (m) appears in the container, CSS px; null when not in the picture. */
  screenPosition(view: string, point: ArrayLike<number>): { x: number; y: number } | null;
  /**
   * Copies a view's picture, drawn for it now, or just now where a listener of `onDrawn` asks.
   *
   * @param into its canvas takes the size of the view, device px
   * @throws StageError where the view is not shown
   */
  copyView(view: string, into: CanvasRenderingContext2D): void;
  /**
   * @param listener called each time the picture has been drawn
   * @returns stops telling it
   */
  onDrawn(listener: () => void): () => void;
  stats(): StageStats;
  /** Stops drawing, forgets its listeners, frees all GPU memory and removes the canvas. */
  dispose(): void;
}

/** A stage that cannot do what was asked. */
export class StageError extends Error {
  override readonly name = 'StageError';
}
