import {
  NeutralToneMapping,
  type Object3D,
  PCFShadowMap,
  type PerspectiveCamera,
  type Scene,
  WebGLRenderer,
} from 'three';
import { clamp } from '../../sim/math/vec.ts';
import type { LineUniforms } from './fat-lines.ts';
import type { ViewRect } from './layout.ts';
import { type Quality, StageError } from './types.ts';

const EXPOSURE = 1.1;
/** Beyond this, sharper pixels are not seen and cost as much again. */
const MAX_PIXEL_RATIO = 2;
/** From this size on (CSS px) a line px is a CSS px; lines get thinner with smaller views. */
const FULL_LINES = { width: 400, height: 560 } as const;
const THINNEST_LINES = 0.55;

/** One view to draw: its place, and what only it shows, which is invisible until then. */
export interface DrawnView {
  readonly rect: ViewRect;
  readonly object: Object3D;
}

/**
 * Draws the views of one scene side by side on one canvas.
 *
 * One scene, in which only the current view's objects are visible, rather than a scene a view:
 * lights, room and table are set up once, the shadow map is one texture, and materials keep their
 * programs (three would look them up again whenever a material met another scene's lights).
 */
export class ViewRenderer {
  readonly renderer: WebGLRenderer;
  readonly #lineUniforms: LineUniforms;
  #quality: Quality = 'high';

  /** @throws StageError where the browser has no WebGL 2 */
  constructor(antialias: boolean, lineUniforms: LineUniforms) {
    try {
      this.renderer = new WebGLRenderer({ antialias, powerPreference: 'high-performance' });
    } catch (cause) {
      throw new StageError('no WebGL 2: this browser cannot draw the scene', { cause });
    }
    const { renderer } = this;
    this.#lineUniforms = lineUniforms;
    renderer.toneMapping = NeutralToneMapping;
    renderer.toneMappingExposure = EXPOSURE;
    renderer.shadowMap.type = PCFShadowMap;
    renderer.info.autoReset = false;
  }

  get canvas(): HTMLCanvasElement {
    return this.renderer.domElement;
  }

  setQuality(quality: Quality): void {
    this.#quality = quality;
    this.renderer.shadowMap.enabled = quality === 'high';
    this.#setPixelRatio();
  }

  /** @param width,height of the canvas, CSS px */
  setSize(width: number, height: number): void {
    this.#setPixelRatio();
    this.renderer.setSize(width, height, false);
  }

  draw(scene: Scene, camera: PerspectiveCamera, views: readonly DrawnView[]): void {
    const { renderer } = this;
    renderer.info.reset();
    // Each time: a context that was lost and came back has forgotten it, and every view would then
    // wipe those before it out.
    renderer.setScissorTest(true);
    scene.updateMatrixWorld();
    const pixelRatio = renderer.getPixelRatio();
    const { height } = this.canvas;
    for (const { rect, object } of views) {
      object.visible = true;
      const { left, right, ...fromTop } = devicePixels(rect, pixelRatio);
      const top = height - fromTop.top;
      const bottom = height - fromTop.bottom;
      this.#lineUniforms.resolution.value.set(right - left, top - bottom);
      const fill = Math.min(rect.width / FULL_LINES.width, rect.height / FULL_LINES.height);
      this.#lineUniforms.linePixel.value = pixelRatio * clamp(fill, THINNEST_LINES, 1);
      const x = left / pixelRatio;
      const y = bottom / pixelRatio;
      renderer.setViewport(x, y, (right - left) / pixelRatio, (top - bottom) / pixelRatio);
      renderer.setScissor(x, y, (right - left) / pixelRatio, (top - bottom) / pixelRatio);
      renderer.render(scene, camera);
      object.visible = false;
    }
  }

  /**
   * Copies a view's picture, in its own size. The browser forgets what was drawn when the task ends in
   * which it was.
   */
  copy(rect: ViewRect, into: CanvasRenderingContext2D): void {
    const { left, right, top, bottom } = devicePixels(rect, this.renderer.getPixelRatio());
    const size = [right - left, bottom - top] as const;
    [into.canvas.width, into.canvas.height] = size;
    into.drawImage(this.canvas, left, top, ...size, 0, 0, ...size);
  }

  dispose(): void {
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.canvas.remove();
  }

  #setPixelRatio(): void {
    const ratio = Math.min(devicePixelRatio, this.#quality === 'high' ? MAX_PIXEL_RATIO : 1);
    if (ratio !== this.renderer.getPixelRatio()) this.renderer.setPixelRatio(ratio);
  }
}

/** Edges from the top left, on whole device pixels: or neighbours would leave a line between them. */
function devicePixels({ x, y, width, height }: ViewRect, pixelRatio: number) {
  return {
    left: Math.round(x * pixelRatio),
    right: Math.round((x + width) * pixelRatio),
    top: Math.round(y * pixelRatio),
    bottom: Math.round((y + height) * pixelRatio),
  };
}
