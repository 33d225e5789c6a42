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
  allToldNothing:
    'A comparison is told one sentence or none, not a new one each episode. With none, as now, w changes nothing: enter one above the views.',
  experiments: 'Experiments and rollouts',
  perturb: {
    title: 'Perturbations',
    hint: 'Each policy is also rolled out with each of these, from the same starts and noise as without.',
    add: 'Add a perturbation',
    also: 'At once also …',
    kind: 'Kind of perturbation',
    remove: (kind: string) => `Remove ${kind}`,
    range: (least: number, most: number, unit: string, whole: boolean) =>
      `Expected ${least} to ${most} ${whole ? 'whole ' : ''}${unit}.`,
    seen: 'Only for policies that look at pictures; others are refused with it.',
    /** A kind that is not here is called by its own name. */
    kinds: {
      mass: { label: 'Mass of the ball', about: 'Of 0.15 kg each, its inertia with it.' },
      friction: {
        label: 'Friction',
        about: 'Of every contact: 1 between finger and ball, 0.8 between ball and table.',
      },
      'sensor-noise': {
        label: 'Sensor noise',
        about: 'Standard deviation of noise on each number observed, new at each control step.',
      },
      push: {
        label: 'Push on the ball',
        about: 'Horizontal impulse; its direction, and its moment in the first 3 s, are drawn.',
      },
      'arm-push': {
        label: 'Push on the hand',
        about: 'Horizontal impulse; its direction, and its moment in the first 3 s, are drawn.',
      },
      'control-delay': {
        label: 'Control delay',
        about: 'Commands reach the motors so many control steps late.',
      },
      'camera-shift': { label: 'Camera moved', about: 'To the robot’s left.' },
      'camera-turn': { label: 'Camera turned', about: 'Counter-clockwise, from above.' },
      light: { label: 'Light', about: 'Of what the camera sees; 1 is as trained.' },
    },
  },
  robustness: {
    title: 'What perturbations do',
    perturbation: 'Perturbation',
    control: 'none',
    difference: 'Difference',
    verdict: 'Verdict',
    same: 'same',
    note: 'Difference: success less that of the control of equal starts and noise, with its 95 % interval; p of each alone, verdicts of all together.',
  },
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
