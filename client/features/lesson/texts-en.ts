/** The texts of the lesson's page. */
export const lessonEn = {
  documentTitle: 'Forking Paths: how noise becomes an action',
  tagline: 'How noise becomes an action',
  planesTitle: 'Crooked stairs, straight line',
  planesLead:
    'Both learn the same points, live in this browser, with the code that trains the robot. Diffusion removes noise in small steps and adds fresh noise at each; flow follows the velocity from noise to data. Press anywhere in a plane to add points of your own.',
  target: 'What is learnt',
  targets: { point: 'One point', fork: 'Two ways', own: 'Own points' },
  targetHints: {
    point: 'The worked example: noise is (0, 0), data are (8, 8)',
    fork: 'Two clouds, half of the data each, and nothing between them',
    own: 'Points that you add to a plane',
  },
  clear: 'Clear',
  undoHint: 'Undoes what started this training; the previous one continues where it was',
  setAside: (steps: string) =>
    `The previous training (${steps} steps) has been set aside: Undo continues it.`,
  plane: (policy: string) =>
    `Plane of ${policy}. Arrow keys move a cursor, Enter adds or removes a point.`,
  dropHint: 'Press anywhere to add a point',
  train: 'Train',
  pause: 'Pause',
  trained: 'Trained',
  restart: 'Again',
  restartHint: 'Train from scratch, with different noise',
  steps: 'Training steps done',
  stepsOf: (done: string, total: string) => `${done} of ${total} steps`,
  rate: (rate: string) => `${rate} per second`,
  samplers: {
    ddpm: 'Every step, with fresh noise at each',
    ddim: 'Fewer steps, without fresh noise',
    euler: 'Straight steps along the learnt velocity',
  },
  calls: 'Network calls',
  facts: {
    landed: 'Landed in each cloud',
    outside: (n: number) => `${n} outside`,
    detour: 'Path / straight line',
    detourHint:
      'Mean length of the paths, divided by that of the straight lines between their ends',
    fieldError: 'Error of the field',
    fieldErrorHint:
      'RMS of learnt minus exact answers over RMS of the exact ones, along the noising path',
    straightness: 'Straightness S',
    straightnessHint: 'How far the velocity changes along its own paths; 0: one step is enough',
    noStraightness: 'Only a flow has one: diffusion adds noise on the way',
  },
  arrowsLearnt: 'learnt field',
  arrowsBest: 'exact field',
  count: 'Points',
  losses: 'Loss',
  lossesDiffer: 'Each loss measures something else: compare where the points land, not the losses.',
  noLosses: 'Curves appear here while they train.',
  kinds: { diffusion: 'Diffusion', flow: 'Flow matching' },

  noisingTitle: 'How a demonstration drowns in noise',
  noisingLead:
    'The forward process has no parameters: step by step the demonstrated joint targets are mixed with noise, until nothing of them is left at k = K. Small k hides detail, large k the overall shape: so the reverse process decides the shape first and the detail last.',
  noisingUnits:
    'Each component is mapped to ±1 over its dataset, as policies see it; drawn up to ±3. Dashed: as demonstrated. K = 100, squared-cosine schedule, one draw of noise for all k.',
  noDemonstrations: 'There are no demonstrations on this server yet.',
  demonstrate: (n: number) => `Generate ${n} demonstrations`,
  episode: 'Demonstration',
  goesRound: (side: string) => `goes round the ${side}`,

  levelsTitle: 'Where the network errs',
  levelsLead:
    'One network answers at every noise level. Its loss differs from one to the next: near the data there is hardly any noise left to see, near the noise nothing shows yet where it will go. The loss that remains there is not an error of the network: it is irreducible.',
  measure: 'Measure',
  measuring: 'Measuring…',
  shipped: (policy: string) => `${policy} (ships)`,
  noised: { diffusion: 'Diffusion', flow: 'Flow', reflow: 'Reflow' },
  answers: {
    epsilon: 'the noise ε',
    v: 'v = √ᾱ·ε − √(1−ᾱ)·a',
    data: 'the data a',
    velocity: 'the velocity a − ε',
  },
  levelsOf: (answers: string, draws: number, dataset: string) =>
    `mean squared error of ${answers}, ${draws} chunks of ${dataset} per bar, ± standard error`,
};
