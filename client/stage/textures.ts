import { CanvasTexture, SRGBColorSpace } from 'three';

/** A square canvas to paint on, its origin in the middle and ±1 at its edges. */
function square(pixels: number, paint: (context: CanvasRenderingContext2D) => void): CanvasTexture {
  return paintTexture(pixels, pixels, (context) => {
    context.translate(pixels / 2, pixels / 2);
    context.scale(pixels / 2, pixels / 2);
    paint(context);
  });
}

/** A texture painted once with the 2D canvas. */
export function paintTexture(
  width: number,
  height: number,
  paint: (context: CanvasRenderingContext2D) => void,
): CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context) paint(context);
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 8;
  return texture;
}

/** White in the middle, gone at the edge: shadows and pools of light, tinted by the material. */
export function softDisc(): CanvasTexture {
  return square(128, (context) => {
    const fade = context.createRadialGradient(0, 0, 0, 0, 0, 1);
    // A Gaussian cut off where it no longer shows.
    for (let i = 0; i <= 16; i++) {
      const r = i / 16;
      const alpha = Math.exp(-4.5 * r * r) - Math.exp(-4.5) * r;
      fade.addColorStop(r, `rgb(255 255 255 / ${Math.max(0, alpha)})`);
    }
    context.fillStyle = fade;
    context.fillRect(-1, -1, 2, 2);
  });
}

/** A thin ring with a soft halo. */
export function ring(): CanvasTexture {
  return square(256, (context) => {
    context.strokeStyle = '#fff';
    for (const [width, alpha] of [
      [0.34, 0.05],
      [0.24, 0.07],
      [0.15, 0.1],
      [0.06, 1],
    ]) {
      context.globalAlpha = alpha;
      context.lineWidth = width;
      context.beginPath();
      context.arc(0, 0, 0.8, 0, 2 * Math.PI);
      context.stroke();
    }
  });
}
