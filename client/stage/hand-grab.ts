import { type Matrix4, type PerspectiveCamera, Plane, Vector2, Vector3 } from 'three';
import { listenFirst } from './pointer-first.ts';
import { PointerRay } from './pointer-ray.ts';
import type { DragPhase, HandGrabListener } from './types.ts';

/** From the line between fingers and wrist, by kind of pointer, m. */
const REACH = { mouse: 0.045, coarse: 0.08 } as const;
/** From the finger tips to where the hand ends, m. */
const HAND_LENGTH = 0.13;

/** What the grab needs to know of the stage, and tells it. */
export interface GrabHost {
  readonly canvas: HTMLCanvasElement;
  readonly camera: PerspectiveCamera;
  /** The hand of the view under a pointer, whose place in that view it writes to `ndc`; null for none. */
  pick(event: PointerEvent, ndc: Vector2): { view: string; hand: Matrix4 } | null;
  /** Where in the view the grab began in a pointer is now, even when it has left the view. */
  track(event: PointerEvent, ndc: Vector2): void;
  /** Of the view whose hand can be taken, or is. */
  onMark(view: string | null): void;
  onHold(held: boolean): void;
  setCursor(cursor: string): void;
}

/**
 * Takes a view's hand with a mouse, a pen or a finger, and says how far it is drawn in the plane that
 * faces the camera.
 */
export class HandGrab {
  readonly #host: GrabHost;
  readonly #listener: HandGrabListener;
  readonly #stopListening: () => void;
  readonly #ndc = new Vector2();
  readonly #ray = new PointerRay();
  readonly #plane = new Plane();
  readonly #from = new Vector3();
  readonly #hit = new Vector3();
  readonly #wrist = new Vector3();
  readonly #offset: [number, number, number] = [0, 0, 0];
  #marked: string | null = null;
  #pointer: number | null = null;

  constructor(host: GrabHost, listener: HandGrabListener) {
    this.#host = host;
    this.#listener = listener;
    this.#stopListening = listenFirst(host.canvas, {
      onDown: (event) => this.#onDown(event),
      onMove: (event) => this.#onMove(event),
      onEnd: (event) => this.#onEnd(event),
      onLeave: () => this.#onLeave(),
    });
  }

  dispose(): void {
    this.#stopListening();
    this.#finish();
    this.#mark(null);
  }

  #onDown(event: PointerEvent): void {
    if (this.#pointer !== null || event.button !== 0) return;
    const view = this.#under(event);
    if (view === null) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    this.#host.canvas.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#host.onHold(true);
    this.#mark(view);
    this.#host.setCursor('grabbing');
    // `#under` has left the nearest point of the hand in `#from`.
    this.#plane.setFromNormalAndCoplanarPoint(
      this.#host.camera.getWorldDirection(this.#hit),
      this.#from,
    );
    if (this.#ray.intersectPlane(this.#plane, this.#hit)) this.#from.copy(this.#hit);
    this.#offset.fill(0);
    this.#tell(view, 'start');
  }

  #onMove(event: PointerEvent): void {
    if (this.#pointer === null) {
      // A pressed pointer is turning the camera, or has a ball.
      if (event.buttons === 0) this.#mark(this.#under(event));
      return;
    }
    if (event.pointerId !== this.#pointer || this.#marked === null) return;
    event.stopImmediatePropagation();
    this.#host.track(event, this.#ndc);
    this.#ray.cast(this.#host.camera, this.#ndc);
    if (!this.#ray.intersectPlane(this.#plane, this.#hit)) return;
    this.#hit.sub(this.#from).toArray(this.#offset);
    this.#tell(this.#marked, 'move');
  }

  #onEnd(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    event.stopImmediatePropagation();
    this.#finish();
  }

  #onLeave(): void {
    if (this.#pointer === null) this.#mark(null);
  }

  #finish(): void {
    const view = this.#marked;
    if (this.#pointer === null || view === null) return;
    this.#pointer = null;
    this.#host.onHold(false);
    this.#mark(null);
    this.#tell(view, 'end');
  }

  #tell(view: string, phase: DragPhase): void {
    this.#listener(view, this.#offset, phase);
  }

  #mark(view: string | null): void {
    if (view === this.#marked) return;
    this.#marked = view;
    this.#host.setCursor(view === null ? '' : 'grab');
    this.#host.onMark(view);
  }

  /** The view whose hand the pointer is on, if any; `#from` is then the place on the hand. */
  #under(event: PointerEvent): string | null {
    const picked = this.#host.pick(event, this.#ndc);
    if (!picked) return null;
    this.#ray.cast(this.#host.camera, this.#ndc);
    const tips = this.#hit.setFromMatrixPosition(picked.hand);
    const along = this.#wrist.setFromMatrixColumn(picked.hand, 2);
    const wrist = along.multiplyScalar(-HAND_LENGTH).add(tips);
    const reach = event.pointerType === 'mouse' ? REACH.mouse : REACH.coarse;
    const square = this.#ray.distanceSqToSegment(tips, wrist, undefined, this.#from);
    return square < reach * reach ? picked.view : null;
  }
}
