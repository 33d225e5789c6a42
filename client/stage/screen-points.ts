import {
  BufferGeometry,
  DynamicDrawUsage,
  type Float32BufferAttribute,
  type IUniform,
  Points,
  ShaderMaterial,
} from 'three';

/** What is drawn at each point, as GLSL and what it reads. */
interface Marker {
  readonly attributes: Readonly<Record<string, Float32BufferAttribute>>;
  readonly uniforms: Record<string, IUniform>;
  readonly vertexShader: string;
  readonly fragmentShader: string;
}

/** Points that are rewritten often, keep their size on the screen and hide behind nothing. */
export class ScreenPoints {
  readonly object: Points<BufferGeometry, ShaderMaterial>;
  readonly #attributes: readonly Float32BufferAttribute[];

  /** @param order drawn after what has a lower one */
  constructor({ attributes, ...shader }: Marker, order: number) {
    this.#attributes = Object.values(attributes);
    const geometry = new BufferGeometry();
    for (const [name, attribute] of Object.entries(attributes)) {
      geometry.setAttribute(name, attribute.setUsage(DynamicDrawUsage));
    }
    const material = new ShaderMaterial({
      ...shader,
      transparent: true,
      depthTest: false,
      depthWrite: false,
      toneMapped: false,
    });
    this.object = new Points(geometry, material);
    this.object.frustumCulled = false;
    this.object.renderOrder = order;
    this.draw(0);
  }

  /** The first so many points. */
  draw(count: number): void {
    this.object.geometry.setDrawRange(0, count);
  }

  /** Hands to the GPU what the attributes have become. */
  commit(count: number): void {
    for (const attribute of this.#attributes) attribute.needsUpdate = true;
    this.draw(count);
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}
