/** What a stage shows where its settings leave something out. */
export const STAGE_DEFAULTS = {
  task: 'left-right',
  seed: 0,
  noise: 0,
  episode: 0,
  fan: 16,
  speed: 1,
  attention: false,
  request: 0,
} as const;

/** Shipped policies that a first visit shows, view by view. */
export const FIRST_POLICIES = ['l2', 'diffusion', 'flow'] as const;
