/** Estimates with their intervals, and tests that one may look at after every pair. */
export {
  bootstrap95,
  type Cluster,
  clusteredProportion,
  correctedEntropy,
  divergence,
  entropy,
  mcnemar,
  mean,
  percentiles,
  proportion,
} from './estimates.ts';
export { adjustLogEValues, letters } from './family.ts';
export {
  type PairedDifference,
  type PairedOutcomes,
  pairedDifference,
} from './paired-difference.ts';
export { PairedTest } from './paired-test.ts';
export { judgePairs, prospectsOf, type StartDifference } from './verdicts.ts';
