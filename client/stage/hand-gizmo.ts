import {
  Mesh,
  MeshBasicMaterial,
  Object3D,
  type PerspectiveCamera,
  type Scene,
  SphereGeometry,
} from 'three';
import { TransformControls } from 'three/addons/controls/TransformControls.js';
import type { DragPhase, HandMoveListener } from './types.ts';

/** x red, y green, z blue, as everywhere in robotics; softened for the dark background. */
const AXIS_COLORS = { x: 0xff5a5f, y: 0x5fd068, z: 0x5b9dff, active: 0xffe066 } as const;
const SIZE = 0.75;
const KNOB_RADIUS = 0.011;
/** The target stays this far above the table, m. */
const LOWEST = 0.015;

export interface GizmoHost {
  readonly canvas: HTMLCanvasElement;
  readonly camera: PerspectiveCamera;
  readonly scene: Scene;
  onChange(): void;
  /** While it is dragged, the camera must hold still. */
  onDragging(dragging: boolean): void;
}

/** Arrows at the hand's target, to record a demonstration with. */
export class HandGizmo {
  readonly #host: GizmoHost;
  readonly #controls: TransformControls;
  readonly #target = new Object3D();
  readonly #knob: Mesh<SphereGeometry, MeshBasicMaterial>;
  readonly #position: [number, number, number] = [0, 0, 0];
  readonly #listener: HandMoveListener;

  constructor(host: GizmoHost, listener: HandMoveListener) {
    this.#host = host;
    this.#listener = listener;
    this.#knob = new Mesh(
      new SphereGeometry(KNOB_RADIUS, 24, 16),
      new MeshBasicMaterial({ color: 0xffffff, depthTest: false, transparent: true, opacity: 0.9 }),
    );
    this.#knob.renderOrder = 30;
    this.#target.add(this.#knob);

    const controls = new TransformControls(host.camera, host.canvas);
    this.#controls = controls;
    controls.setMode('translate');
    controls.setSpace('world');
    controls.setSize(SIZE);
    controls.setColors(AXIS_COLORS.x, AXIS_COLORS.y, AXIS_COLORS.z, AXIS_COLORS.active);
    controls.minZ = LOWEST;
    controls.addEventListener('change', () => host.onChange());
    controls.addEventListener('dragging-changed', ({ value }) => {
      host.onDragging(value === true);
      this.#tell(value === true ? 'start' : 'end');
    });
    controls.addEventListener('objectChange', () => this.#tell('move'));
    controls.attach(this.#target);
    host.scene.add(this.#target, controls.getHelper());
  }

  /** @param position m */
  place(position: ArrayLike<number>): void {
    if (this.#controls.dragging) return;
    this.#target.position.set(position[0], position[1], position[2]);
    this.#host.onChange();
  }

  dispose(): void {
    if (this.#controls.dragging) this.#host.onDragging(false);
    this.#controls.detach();
    this.#host.scene.remove(this.#target, this.#controls.getHelper());
    this.#controls.dispose();
    // It has handed touches back to the page; the camera still needs them.
    this.#host.canvas.style.touchAction = 'none';
    this.#knob.geometry.dispose();
    this.#knob.material.dispose();
    this.#host.onChange();
  }

  #tell(phase: DragPhase): void {
    this.#target.position.toArray(this.#position);
    this.#listener(this.#position, phase);
  }
}
