/**
 * Sine, cosine and arctangent from arithmetic and `sqrt` alone.
 *
 * IEEE 754 fixes the result of + − × ÷ and sqrt to the last bit, but leaves `Math.sin` and its
 * kin to the JavaScript engine. An episode recorded in a browser has to replay to the same bits
 * in Node, so everything under `sim/` uses these instead.
 */

// π/2 in three parts. The first two end in zero bits, so that k·part is exact for |k| < 2²⁰.
const HALF_PI_HIGH = Math.floor((Math.PI / 2) * 2 ** 30) / 2 ** 30;
const HALF_PI_MIDDLE = Math.PI / 2 - HALF_PI_HIGH;
const HALF_PI_LOW = 6.123233995736766e-17;

/** sin on |x| ≤ π/4 by its Taylor series; the first omitted term is below 1e-19. */
function sinKernel(x: number): number {
  const z = x * x;
  let sum = 1 / 355687428096000;
  sum = -1 / 1307674368000 + z * sum;
  sum = 1 / 6227020800 + z * sum;
  sum = -1 / 39916800 + z * sum;
  sum = 1 / 362880 + z * sum;
  sum = -1 / 5040 + z * sum;
  sum = 1 / 120 + z * sum;
  sum = -1 / 6 + z * sum;
  return x + x * z * sum;
}

/** cos on |x| ≤ π/4 by its Taylor series; the first omitted term is below 3e-18. */
function cosKernel(x: number): number {
  const z = x * x;
  let sum = 1 / 20922789888000;
  sum = -1 / 87178291200 + z * sum;
  sum = 1 / 479001600 + z * sum;
  sum = -1 / 3628800 + z * sum;
  sum = 1 / 40320 + z * sum;
  sum = -1 / 720 + z * sum;
  sum = 1 / 24 + z * sum;
  sum = -1 / 2 + z * sum;
  return 1 + z * sum;
}

/** sin(x + quarterTurns·π/2). */
function sinQuarter(x: number, quarterTurns: number): number {
  const k = Math.floor((x * 2) / Math.PI + 0.5);
  const r = x - k * HALF_PI_HIGH - k * HALF_PI_MIDDLE - k * HALF_PI_LOW;
  const q = k + quarterTurns;
  const quadrant = q - 4 * Math.floor(q / 4);
  if (quadrant === 0) return sinKernel(r);
  if (quadrant === 1) return cosKernel(r);
  if (quadrant === 2) return -sinKernel(r);
  return -cosKernel(r);
}

/** Sine of `x` rad; absolute error below 1e-15 for |x| ≤ 100. */
export function sin(x: number): number {
  return sinQuarter(x, 0);
}

/** Cosine of `x` rad; absolute error below 1e-15 for |x| ≤ 100. */
export function cos(x: number): number {
  return sinQuarter(x, 1);
}

/** arctan on [0, 1]: two half-angle steps bring |u| below tan(π/16), then the Taylor series. */
function atanUnit(x: number): number {
  const half = x / (1 + Math.sqrt(1 + x * x));
  const u = half / (1 + Math.sqrt(1 + half * half));
  const z = u * u;
  let sum = 0;
  for (let n = 23; n >= 3; n -= 2) sum = z * (1 / n - sum);
  return 4 * (u - u * sum);
}

/** Angle of the vector (x, y) in rad, in [−π, π]; absolute error below 1e-15. */
export function atan2(y: number, x: number): number {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  if (ax === 0 && ay === 0) return 0;
  let angle = ay <= ax ? atanUnit(ay / ax) : Math.PI / 2 - atanUnit(ax / ay);
  if (x < 0) angle = Math.PI - angle;
  return y < 0 ? -angle : angle;
}
