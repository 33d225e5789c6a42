/** Texts of comparisons; verdicts in the words of the command line. */
export const compareEn = {
  title: 'Compare',
  intro:
    'The policies on the stage, with their samplers, from the same starts and noise, faster than real time.',
  rollouts: 'Rollouts each',
  seed: 'Seed',
  policies: 'Policies',
  start: 'Compare',
  stop: 'Stop',
  again: 'Compare again',
  download: 'Download JSON',
  empty: 'Success, contact and diversity with 95 % intervals appear here.',
  success: 'Success',
  contact: 'Touched a post',
  invalid: 'First plan into a post',
  entropy: 'Diversity from one start',
  planTime: 'ms per plan',
  stepTime: 'ms per control step',
  calls: 'Network calls',
  setup: (rollouts: number, starts: number, seed: number, ta: number) =>
    `${rollouts} rollouts each from ${starts} ${starts === 1 ? 'start' : 'starts'}, seed ${seed}, Ta = ${ta}`,
  told: (instruction: string) => `instruction “${instruction}”`,
  toldNothing: 'no instruction',
  took: (seconds: string) => `Bars: 95 % intervals. It took ${seconds} s.`,
  starts: 'Starts',
  earlier: 'Results kept by the server',
  notKept: 'not among these',
  takeOver: 'Fill in the form from this result',
  fewStarts: (starts: number, least: string, needed: readonly [starts: number, p: number][]) =>
    `With ${starts} ${starts === 1 ? 'start' : 'starts'} no p below ${least} is possible; it takes ${needed
      .map(([more, p]) => `${more} to reach ${p}`)
      .join(', ')}.`,
  paired: (a: string, b: string, p: string) => `${a} against ${b}: p ${p} (success, McNemar)`,
  interval: (low: string, high: string) => `95 % interval ${low} to ${high}`,
  allTold: (sentence: string) => `The instruction in every rollout: “${sentence}”`,
  allToldNothing: 'There is no instruction, so w changes nothing: enter one above the views first.',
  verdict: {
    better: 'better',
    worse: 'worse',
    /** @param delta the largest difference that counts as none */
    same: (delta: number) => `same, δ = ${delta}`,
    open: 'cannot tell yet',
    /** @param pairs that are missing, a guess */
    more: (pairs: string) => `about ${pairs} more pairs`,
    letters: 'Policies that share a letter are not told apart; a is of the best.',
  },
};
