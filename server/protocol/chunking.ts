/**
 * What the arm does while a plan is made; `chunk-schedule.ts` says which action of which
 * plan acts when.
 *
 * - `synchronous`: it waits, and the world goes on.
 * - `asynchronous`: it goes on with the last plan, and takes up the new one where that one is by
 *   then, whatever jump that makes.
 * - `ensembling`: it plans as often as it can, and follows the weighted mean of all plans that speak
 *   of the present. Zhao et al. 2023 (ACT), arXiv:2304.13705.
 * - `real-time`: asynchronous, but each plan is drawn to go on from the last one. Black, Galliker and
 *   Levine 2025 (real-time chunking), arXiv:2506.07339.
 */
export const SCHEMES = ['synchronous', 'asynchronous', 'ensembling', 'real-time'] as const;
export type Scheme = (typeof SCHEMES)[number];

export interface Chunking {
  readonly scheme: Scheme;
  /** d: control steps between the observation a plan is made from and the plan. */
  readonly delay: number;
}
