import { type PerspectiveCamera, Plane, Vector2, Vector3 } from 'three';
import type { Ball } from './ball.ts';
import { listenFirst } from './pointer-first.ts';
import { PointerRay } from './pointer-ray.ts';
import type { DragPhase, ObjectDragListener, SettleObject } from './types.ts';

/** How much larger than the ball its sensitive sphere is, by kind of pointer. */
const REACH = { mouse: 1.35, coarse: 2.4 } as const;

/** What the drag needs to know of the stage, and tells it. */
export interface DragHost {
  readonly canvas: HTMLCanvasElement;
  readonly camera: PerspectiveCamera;
  /** The balls of the view under a pointer, whose place in that view it writes to `ndc`. */
  pick(event: PointerEvent, ndc: Vector2): readonly Ball[] | null;
  /** Where in the view the drag began in a pointer is now, even when it has left the view. */
  track(event: PointerEvent, ndc: Vector2): void;
  /** The ball under the pointer or in its grip has changed. */
  onHover(ball: Ball | null): void;
  /** A ball was taken at `index` (to be followed in all views), or let go (−1). */
  onHold(index: number): void;
  onMove(index: number, x: number, y: number): void;
  setCursor(cursor: string): void;
}

/** Drags balls over the plane they rest on, where they may lie, with a mouse, a pen or a finger. */
export class ObjectDrag {
  readonly #host: DragHost;
  readonly #listener: ObjectDragListener;
  readonly #settle: SettleObject;
  readonly #stopListening: () => void;
  readonly #ndc = new Vector2();
  readonly #ray = new PointerRay();
  readonly #plane = new Plane(new Vector3(0, 0, 1));
  readonly #hit = new Vector3();
  /** From where the pointer took the ball to its centre, m. */
  readonly #grip = new Vector2();
  #hovered: Ball | null = null;
  #pointer: number | null = null;
  #index = -1;

  constructor(host: DragHost, listener: ObjectDragListener, settle: SettleObject) {
    this.#host = host;
    this.#listener = listener;
    this.#settle = settle;
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
    this.#hover(null);
  }

  #onDown(event: PointerEvent): void {
    if (this.#pointer !== null || event.button !== 0) return;
    const balls = this.#host.pick(event, this.#ndc);
    const index = balls ? this.#indexAt(balls, event.pointerType) : -1;
    if (!balls || index < 0) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    this.#host.canvas.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#index = index;
    this.#hover(balls[index]);
    const [x, y, z] = balls[index].position;
    this.#plane.constant = -z;
    this.#grip.set(0, 0);
    if (this.#aim()) this.#grip.set(x - this.#hit.x, y - this.#hit.y);
    this.#host.onHold(index);
    this.#host.setCursor('grabbing');
    this.#report(x, y, 'start');
  }

  #onMove(event: PointerEvent): void {
    if (this.#pointer === null) {
      // A pressed pointer is turning the camera.
      if (event.buttons !== 0) return;
      const balls = this.#host.pick(event, this.#ndc);
      const index = balls ? this.#indexAt(balls, event.pointerType) : -1;
      this.#hover(balls?.[index] ?? null);
      return;
    }
    if (event.pointerId !== this.#pointer) return;
    event.stopImmediatePropagation();
    this.#host.track(event, this.#ndc);
    if (this.#aim()) {
      this.#report(this.#hit.x + this.#grip.x, this.#hit.y + this.#grip.y, 'move');
    }
  }

  #onEnd(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    event.stopImmediatePropagation();
    this.#finish();
  }

  #onLeave(): void {
    if (this.#pointer === null) this.#hover(null);
  }

  #finish(): void {
    if (this.#pointer === null) return;
    const ball = this.#hovered;
    this.#pointer = null;
    if (ball) this.#report(ball.position[0], ball.position[1], 'end');
    this.#index = -1;
    this.#host.onHold(-1);
    this.#host.setCursor(ball ? 'grab' : '');
  }

  #report(x: number, y: number, phase: DragPhase): void {
    const [inX, inY] = this.#settle(x, y, this.#index);
    this.#host.onMove(this.#index, inX, inY);
    this.#listener(inX, inY, phase, this.#index);
  }

  #hover(ball: Ball | null): void {
    if (ball === this.#hovered) return;
    this.#hovered = ball;
    this.#host.setCursor(ball ? 'grab' : '');
    this.#host.onHover(ball);
  }

  /** Finds the point under the pointer in the plane of the ball; false when it is in the sky. */
  #aim(): boolean {
    this.#ray.cast(this.#host.camera, this.#ndc);
    return this.#ray.intersectPlane(this.#plane, this.#hit) !== null;
  }

  /** The nearest ball the pointer is on, or −1. */
  #indexAt(balls: readonly Ball[], pointerType: string): number {
    this.#ray.cast(this.#host.camera, this.#ndc);
    const reach = pointerType === 'mouse' ? REACH.mouse : REACH.coarse;
    let found = -1;
    let nearest = Number.POSITIVE_INFINITY;
    balls.forEach(({ position, radius }, i) => {
      this.#hit.set(position[0], position[1], position[2]);
      const far = this.#hit.distanceTo(this.#ray.origin);
      if (this.#ray.distanceToPoint(this.#hit) < reach * radius && far < nearest) {
        nearest = far;
        found = i;
      }
    });
    return found;
  }
}
