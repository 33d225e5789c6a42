/** Most network evaluations of a sampler that the objective does not bound. */
export const MAX_NFE = 1000;
