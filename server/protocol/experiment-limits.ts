/**
 * Of experiments: those listed and looked at, contenders of one, those that a list names, rollouts that
 * are listed at once, shards that are counted, bytes of the plans and results that are read at once,
 * problems that are named, and alternatives that a comparison may have beside the control. Apart from the other
 * limits, which a first view of the page carries.
 */
export const EXPERIMENT_LIMITS = {
  listed: 100,
  contenders: 1000,
  named: 12,
  rollouts: 100,
  shards: 20_000,
  planBytes: 64 * 1024 ** 2,
  resultBytes: 512 * 1024 ** 2,
  problems: 20,
  perturbations: 8,
} as const;
