/**
 * The low end of a logarithmic axis: the next number of one digit at or below `low` > 0. From
 * others, such as 0.096, uPlot counts its grid lines up without end: it rounds 0.22 to 0.
 */
export function lowEnd(low: number): number {
  const [digits, exponent] = low.toExponential().split('e');
  return Number(`${digits[0]}e${exponent}`);
}
