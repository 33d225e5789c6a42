/** A square picture as readers look at it. */
export interface Picture {
  readonly size: number;
  /** [size, size, 3] in 0 … 1; what was drawn by a network may lie beside that. */
  readonly rgb: Float64Array;
}

/** Means of blocks of `factor` × `factor` pixels. */
export function shrunk({ size, rgb }: Picture, factor: number): Picture {
  if (factor === 1) return { size, rgb };
  return { size: size / factor, rgb: meansOf(rgb, size, factor, 3) };
}

/** Means over blocks of [size, size, depth]. */
export function meansOf(
  values: Float64Array,
  size: number,
  factor: number,
  depth: number,
): Float64Array {
  const to = size / factor;
  const means = new Float64Array(depth * to * to);
  const share = 1 / (factor * factor);
  for (let row = 0; row < size; row++) {
    const line = Math.floor(row / factor) * to;
    for (let column = 0; column < size; column++) {
      const at = depth * (line + Math.floor(column / factor));
      const from = depth * (row * size + column);
      for (let k = 0; k < depth; k++) means[at + k] += share * values[from + k];
    }
  }
  return means;
}
