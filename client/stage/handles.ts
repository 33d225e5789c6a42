import { type Scene, type Vector2, Vector3 } from 'three';
import type { CameraRig } from './camera-rig.ts';
import { DragBounds } from './drag-bounds.ts';
import type { LineUniforms } from './fat-lines.ts';
import type { HandGizmo } from './hand-gizmo.ts';
import { HandGrab } from './hand-grab.ts';
import { type Rect, type ViewRect, viewAt } from './layout.ts';
import { ObjectDrag } from './object-drag.ts';
import type {
  Bounds,
  HandGrabListener,
  HandMoveListener,
  ObjectDragListener,
  SettleObject,
} from './types.ts';
import type { ViewScene } from './view-scene.ts';

/** What handles need to know of the stage, and tell it. */
export interface HandlesHost {
  readonly canvas: HTMLCanvasElement;
  readonly rig: CameraRig;
  readonly scene: Scene;
  readonly lineUniforms: LineUniforms;
  readonly views: ReadonlyMap<string, ViewScene>;
  /** Where views lie now. */
  rects(): readonly ViewRect[];
  onChange(): void;
}

/** All that a pointer can take hold of: objects on the table, a hand in a view, the recorder's arrows. */
export class Handles {
  readonly #host: HandlesHost;
  readonly #bounds: DragBounds;
  readonly #cursors = { object: '', hand: '' };
  #drag: ObjectDrag | null = null;
  #grab: HandGrab | null = null;
  #gizmo: HandGizmo | null = null;
  /** Where it is, or is to be, m. */
  readonly #target = new Vector3();
  /** Changes whenever the arrows are asked for or done with: those that come too late stay away. */
  #wanted = 0;
  /** The view in which a pointer went down, or over which it is. */
  #pointed: Rect | null = null;
  #held = -1;

  constructor(host: HandlesHost) {
    this.#host = host;
    this.#bounds = new DragBounds(host.lineUniforms);
    host.scene.add(this.#bounds.object);
  }

  /** Index of the object that follows a pointer instead of the frames; −1 for none. */
  get held(): number {
    return this.#held;
  }

  enableObjectDrag(onDrag: ObjectDragListener, bounds: Bounds, settle: SettleObject): void {
    this.disableObjectDrag();
    const { canvas, rig, views } = this.#host;
    const host = {
      canvas,
      camera: rig.camera,
      pick: (event: PointerEvent, ndc: Vector2) => this.#pick(event, ndc)?.scene.balls ?? null,
      track: (event: PointerEvent, ndc: Vector2) => this.#track(event, ndc),
      onHover: (ball: unknown) => {
        for (const { balls } of views.values()) {
          for (const each of balls) each.setHighlighted(each === ball);
        }
        this.#host.onChange();
      },
      onHold: (index: number) => {
        this.#held = index;
        rig.enabled = index < 0;
        if (index < 0) this.#bounds.hide();
        else this.#bounds.show(bounds);
        this.#host.onChange();
      },
      onMove: (index: number, x: number, y: number) => {
        for (const { balls } of views.values()) {
          const ball = balls[index];
          // The view that records has objects of its own.
          ball?.place(x, y, ball.radius);
        }
        this.#host.onChange();
      },
      setCursor: (cursor: string) => this.#setCursor('object', cursor),
    };
    this.#drag = new ObjectDrag(host, onDrag, settle);
  }

  disableObjectDrag(): void {
    this.#drag?.dispose();
    this.#drag = null;
  }

  enableHandGrab(onGrab: HandGrabListener, canGrab: (view: string) => boolean): void {
    this.disableHandGrab();
    const { canvas, rig, views } = this.#host;
    const host = {
      canvas,
      camera: rig.camera,
      pick: (event: PointerEvent, ndc: Vector2) => {
        const picked = this.#pick(event, ndc);
        // What lies in the hand is under the pointer before the hand is.
        if (!picked || this.#cursors.object !== '' || !canGrab(picked.id)) return null;
        return { view: picked.id, hand: picked.scene.hand };
      },
      track: (event: PointerEvent, ndc: Vector2) => this.#track(event, ndc),
      onMark: (view: string | null) => {
        for (const [id, scene] of views) scene.markHand(id === view);
        this.#host.onChange();
      },
      onHold: (held: boolean) => {
        rig.enabled = !held;
      },
      setCursor: (cursor: string) => this.#setCursor('hand', cursor),
    };
    this.#grab = new HandGrab(host, onGrab);
  }

  disableHandGrab(): void {
    this.#grab?.dispose();
    this.#grab = null;
  }

  async enableHandGizmo(onMove: HandMoveListener): Promise<void> {
    this.disableHandGizmo();
    const wanted = this.#wanted;
    const { HandGizmo } = await import('./hand-gizmo.ts');
    if (wanted !== this.#wanted) return;
    const { canvas, rig, scene, onChange } = this.#host;
    const onDragging = (dragging: boolean) => {
      rig.enabled = !dragging;
    };
    this.#gizmo = new HandGizmo(
      { canvas, camera: rig.camera, scene, onChange, onDragging },
      onMove,
    );
    this.#gizmo.place(this.#target.toArray());
  }

  setHandGizmo(position: ArrayLike<number>): void {
    this.#target.fromArray(position);
    this.#gizmo?.place(position);
  }

  disableHandGizmo(): void {
    this.#wanted++;
    this.#gizmo?.dispose();
    this.#gizmo = null;
  }

  dispose(): void {
    this.disableObjectDrag();
    this.disableHandGrab();
    this.disableHandGizmo();
    this.#bounds.dispose();
  }

  /** The view under a pointer, whose place in that view is written to `ndc`. */
  #pick(event: PointerEvent, ndc: Vector2): { id: string; scene: ViewScene } | null {
    const box = this.#host.canvas.getBoundingClientRect();
    const { clientX, clientY } = event;
    const rect = viewAt(this.#host.rects(), clientX - box.left, clientY - box.top);
    const scene = rect && this.#host.views.get(rect.id);
    if (!rect || !scene) return null;
    this.#pointed = rect;
    this.#track(event, ndc);
    return { id: rect.id, scene };
  }

  /** Where in that view the pointer is now, even when it has left it. */
  #track(event: PointerEvent, ndc: Vector2): void {
    const rect = this.#pointed;
    if (!rect) return;
    const box = this.#host.canvas.getBoundingClientRect();
    ndc.set(
      (2 * (event.clientX - box.left - rect.x)) / rect.width - 1,
      1 - (2 * (event.clientY - box.top - rect.y)) / rect.height,
    );
  }

  #setCursor(of: 'object' | 'hand', cursor: string): void {
    this.#cursors[of] = cursor;
    this.#host.canvas.style.cursor = this.#cursors.object || this.#cursors.hand;
  }
}
