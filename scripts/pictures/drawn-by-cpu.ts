/** Arguments of a Chromium whose WebGL the CPU draws. */
export const DRAWN_BY_CPU = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  // Only views need the GPU that the CPU plays: a page put together on it takes twice the time, and a
  // picture of it many times as long.
  '--disable-gpu-compositing',
] as const;
