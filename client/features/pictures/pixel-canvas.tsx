import { useEffect, useRef } from 'preact/hooks';

/** A picture of few pixels, shown large: each stays a square. */
export function PixelCanvas({
  rgb,
  size,
  label,
  testid,
}: {
  /** [size, size, 3] bytes; null where there is none yet. */
  rgb: Uint8Array | null;
  size: number;
  /** What it shows, for who does not see it; null where that is said beside it. */
  label: string | null;
  testid?: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    if (rgb) context.putImageData(imageOf(rgb, size), 0, 0);
    else context.clearRect(0, 0, size, size);
  }, [rgb, size]);
  return (
    <canvas
      ref={canvas}
      class="pixels"
      width={size}
      height={size}
      data-testid={testid}
      {...(label === null ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  );
}

function imageOf(rgb: Uint8Array, size: number): ImageData {
  const image = new ImageData(size, size);
  for (let i = 0; i < size * size; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = rgb[3 * i + c];
    image.data[4 * i + 3] = 255;
  }
  return image;
}
