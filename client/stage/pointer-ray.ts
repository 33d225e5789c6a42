import { type PerspectiveCamera, Ray, type Vector2 } from 'three';

/** The line of sight through a point of a view. */
export class PointerRay extends Ray {
  /** @param ndc −1 to 1 from the view's left to its right and from its bottom to its top */
  cast(camera: PerspectiveCamera, ndc: Vector2): this {
    this.origin.setFromMatrixPosition(camera.matrixWorld);
    this.direction.set(ndc.x, ndc.y, 0.5).unproject(camera).sub(this.origin).normalize();
    return this;
  }
}
