import { Scene, Vector3 } from 'three';
import type { TaskScene } from '../../sim/tasks/task.ts';
import { Backdrop } from './backdrop.ts';
import { type CameraPreset, CameraRig } from './camera-rig.ts';
import { FrameLoop } from './frame-loop.ts';
import { Handles } from './handles.ts';
import { clearOf, clipPath, type Insets, layoutViews, NO_INSETS, type ViewRect } from './layout.ts';
import { Lighting } from './lighting.ts';
import { createSharedResources, type SharedResources } from './resources.ts';
import { Table } from './table.ts';
import {
  type Bounds,
  type HandGrabListener,
  type HandMoveListener,
  type NoisedPaths,
  type ObjectDragListener,
  type PlannedPath,
  type Quality,
  type Region,
  type SceneFrame,
  type SettleObject,
  type Stage,
  StageError,
  type StageOptions,
  type StageStats,
  type Strand,
  type ViewSpec,
  type WayLabel,
} from './types.ts';
import { type DrawnView, ViewRenderer } from './view-renderer.ts';
import { ViewScene } from './view-scene.ts';
import { WayLabels } from './way-labels.ts';

/** In low quality the picture moves as often as policies act, ms. */
const LOW_PERIOD = 50;

/** Wires the parts together; each of them knows nothing of the others. */
export class ThreeStage implements Stage {
  readonly #container: HTMLElement;
  readonly #onLayout: StageOptions['onLayout'];
  readonly #shared: SharedResources;
  readonly #output: ViewRenderer;
  readonly #scene = new Scene();
  readonly #rig: CameraRig;
  readonly #lighting: Lighting;
  readonly #backdrop = new Backdrop();
  readonly #table: Table;
  readonly #labels = new WayLabels();
  readonly #handles: Handles;
  readonly #views = new Map<string, ViewScene>();
  readonly #loop: FrameLoop;
  readonly #observer = new ResizeObserver(() => this.#layOut());
  readonly #projected = new Vector3();
  #shown: readonly string[];
  #rects: readonly ViewRect[] = [];
  #insets: Insets = NO_INSETS;
  #drawn: DrawnView[] = [];
  #quality: Quality = 'high';
  #reducedMotion = false;
  readonly #listeners = new Set<() => void>();
  /** The picture is there, and its listeners are told. */
  #telling = false;
  #frames = 0;
  #milliseconds = 0;

  constructor(container: HTMLElement, specs: readonly ViewSpec[], options: StageOptions) {
    const { quality = 'high', reducedMotion = false, onLayout, onPicture, onSettled } = options;
    this.#container = container;
    this.#onLayout = onLayout;
    this.#loop = new FrameLoop(
      (now) => this.#draw(now),
      (due) => onSettled?.(!due),
    );
    this.#shared = createSharedResources(quality);
    this.#output = new ViewRenderer(quality === 'high', this.#shared.lineUniforms);
    const { canvas, renderer } = this.#output;
    canvas.style.cssText = 'display:block;position:absolute;inset:0;width:100%;height:100%';
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', specs.map(({ title }) => title).join(', '));

    this.#lighting = new Lighting(renderer, this.#scene);
    this.#table = new Table(this.#shared.wardrobe, this.#shared.softDisc);
    this.#scene.add(
      this.#lighting.object,
      this.#backdrop.object,
      this.#table.object,
      this.#labels.object,
    );
    this.#scene.matrixWorldAutoUpdate = false;
    for (const { id } of specs) {
      const view = new ViewScene(this.#shared);
      view.object.visible = false;
      this.#views.set(id, view);
      this.#scene.add(view.object);
    }
    this.#shown = specs.map(({ id }) => id);
    const onChange = () => this.#loop.invalidate();
    this.#rig = new CameraRig(canvas, onChange, options.isSwiped);
    this.#handles = new Handles({
      ...{ canvas, rig: this.#rig, scene: this.#scene, views: this.#views, onChange },
      lineUniforms: this.#shared.lineUniforms,
      rects: () => this.#rects,
    });
    this.setReducedMotion(reducedMotion);
    this.setQuality(quality);
    container.append(canvas);
    this.#observer.observe(container);
    canvas.addEventListener('webglcontextlost', () => onPicture?.(false));
    canvas.addEventListener('webglcontextrestored', () => {
      this.#lighting.restore(this.#quality);
      this.#loop.invalidate();
      onPicture?.(true);
    });
  }

  setFrame(view: string, frame: SceneFrame): void {
    this.#find(view).setFrame(frame, this.#handles.held, performance.now());
    this.#loop.invalidate();
  }

  setFan(view: string, paths: readonly PlannedPath[]): void {
    this.#find(view).fan.set(paths);
    this.#loop.invalidate();
  }

  setNoised(view: string, paths: NoisedPaths | null): void {
    this.#find(view).setNoised(paths);
    this.#loop.invalidate();
  }

  setGhosts(view: string, paths: readonly PlannedPath[]): void {
    this.#find(view).fan.setGhosts(paths);
    this.#loop.invalidate();
  }

  setAccent(view: string, accent: number): void {
    this.#find(view).setAccent(accent);
    this.#loop.invalidate();
  }

  setTrail(view: string, points: Float32Array): void {
    this.#find(view).trail.replace(points);
    this.#loop.invalidate();
  }

  clearTrail(view: string): void {
    this.#find(view).trail.clear();
    this.#loop.invalidate();
  }

  setStrands(view: string, strands: readonly Strand[]): void {
    this.#find(view).setStrands(strands);
    this.#loop.invalidate();
  }

  setRegions(view: string, regions: readonly Region[]): void {
    this.#find(view).setRegions(regions);
    this.#loop.invalidate();
  }

  setScene(view: string, scene: TaskScene): void {
    this.#find(view).setScene(scene);
    this.#loop.invalidate();
  }

  showViews(ids: readonly string[]): void {
    if (ids.length === 0) throw new StageError('showViews: expected at least one view, got none');
    ids.forEach((id) => {
      this.#find(id);
    });
    if (ids.length !== 1) this.disableHandGizmo();
    this.#shown = [...ids];
    this.#layOut();
  }

  setInsets(insets: Insets): void {
    this.#insets = insets;
    this.#layOut();
  }

  setCamera(preset: CameraPreset): void {
    this.#rig.moveTo(preset, this.#reducedMotion ? null : performance.now());
    this.#loop.invalidate();
  }

  enableObjectDrag(onDrag: ObjectDragListener, bounds: Bounds, settle: SettleObject): void {
    this.#handles.enableObjectDrag(onDrag, bounds, settle);
  }

  disableObjectDrag(): void {
    this.#handles.disableObjectDrag();
  }

  enableHandGrab(onGrab: HandGrabListener, canGrab: (view: string) => boolean): void {
    this.#handles.enableHandGrab(onGrab, canGrab);
  }

  disableHandGrab(): void {
    this.#handles.disableHandGrab();
  }

  async enableHandGizmo(onMove: HandMoveListener): Promise<void> {
    if (this.#shown.length !== 1) {
      throw new StageError(
        `the hand's handles need a view of their own: expected 1 shown, got ` +
          `${this.#shown.length}; call showViews first`,
      );
    }
    await this.#handles.enableHandGizmo(onMove);
  }

  setHandGizmo(position: ArrayLike<number>): void {
    this.#handles.setHandGizmo(position);
  }

  disableHandGizmo(): void {
    this.#handles.disableHandGizmo();
  }

  setWayLabels(labels: readonly WayLabel[]): void {
    this.#labels.write(labels);
    this.#loop.invalidate();
  }

  setQuality(quality: Quality): void {
    this.#quality = quality;
    this.#output.setQuality(quality);
    this.#lighting.setQuality(quality);
    this.#shared.wardrobe.setQuality(quality);
    this.#loop.setPeriod(quality === 'low' ? LOW_PERIOD : 0);
    this.#loop.invalidate();
  }

  setReducedMotion(reduced: boolean): void {
    this.#reducedMotion = reduced;
    this.#rig.damping = !reduced;
    this.#loop.invalidate();
  }

  viewRect(view: string): ViewRect | null {
    this.#find(view);
    return this.#rects.find(({ id }) => id === view) ?? null;
  }

  drawNow(): void {
    this.#loop.drawNow(performance.now());
  }

  screenPosition(view: string, point: ArrayLike<number>): { x: number; y: number } | null {
    const rect = this.viewRect(view);
    if (!rect) return null;
    const { x, y, z } = this.#projected.set(point[0], point[1], point[2]).project(this.#rig.camera);
    if (Math.abs(x) > 1 || Math.abs(y) > 1 || Math.abs(z) > 1) return null;
    return {
      x: rect.x + ((x + 1) / 2) * rect.width,
      y: rect.y + ((1 - y) / 2) * rect.height,
    };
  }

  copyView(view: string, into: CanvasRenderingContext2D): void {
    const rect = this.viewRect(view);
    if (!rect)
      throw new StageError(`view "${view}": expected one that is shown; call showViews first`);
    if (!this.#telling && this.#draw(performance.now())) this.#loop.invalidate();
    this.#output.copy(rect, into);
  }

  onDrawn(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stats(): StageStats {
    const { calls, triangles } = this.#output.renderer.info.render;
    const milliseconds = this.#milliseconds;
    return { frames: this.#frames, drawCalls: calls, triangles, milliseconds };
  }

  dispose(): void {
    this.#loop.stop();
    this.#observer.disconnect();
    this.#handles.dispose();
    this.#loop.stop();
    this.#rig.dispose();
    for (const view of this.#views.values()) view.dispose();
    this.#views.clear();
    this.#labels.dispose();
    this.#table.dispose();
    this.#backdrop.dispose();
    this.#lighting.dispose();
    this.#shared.dispose();
    this.#output.dispose();
  }

  #find(id: string): ViewScene {
    const view = this.#views.get(id);
    if (!view) {
      const ids = [...this.#views.keys()].join(', ');
      throw new StageError(`unknown view: expected one of ${ids}, got "${id}"`);
    }
    return view;
  }

  #layOut(): void {
    const { clientWidth: width, clientHeight: height } = this.#container;
    if (width === 0 || height === 0) return;
    this.#rects = layoutViews(this.#shown, width, height, this.#insets.left > 0);
    this.#drawn = this.#rects.map((rect) => ({ rect, object: this.#find(rect.id).object }));
    this.#output.setSize(width, height);
    this.#output.canvas.style.clipPath = clipPath(this.#rects);
    const clear = clearOf(this.#rects[0], this.#insets);
    this.#rig.setView(this.#rects[0], clear);
    this.#shared.lineUniforms.ceiling.value = 1 - (2 * clear.y) / this.#rects[0].height;
    this.#onLayout?.(this.#rects);
    // Resizing has emptied the canvas; waiting for the next frame would show it.
    this.#loop.stop();
    if (this.#draw(performance.now())) this.#loop.invalidate();
  }

  #draw(now: number): boolean {
    const started = performance.now();
    let moving = this.#rig.animate(now);
    for (const id of this.#shown) {
      moving = this.#find(id).animate(now, this.#reducedMotion) || moving;
    }
    const { position } = this.#rig.camera;
    this.#labels.face(position.x);
    this.#lighting.follow(position);
    this.#output.draw(this.#scene, this.#rig.camera, this.#drawn);
    this.#frames++;
    this.#milliseconds = performance.now() - started;
    this.#telling = true;
    for (const listener of this.#listeners) listener();
    this.#telling = false;
    return moving;
  }
}
