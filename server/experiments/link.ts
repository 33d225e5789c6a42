import { etaOf, type SamplerSpec } from '../../policies/config/index.ts';
import { findTask, formatPerturbation } from '../../sim/index.ts';
import { formatLaneEntry } from '../protocol/lane-entry.ts';
import { LIMITS } from '../protocol/limits.ts';
import { checkpointsAmong } from '../protocol/sources.ts';
import type { Lane } from '../protocol/stage.ts';
import { STAGE_DEFAULTS } from '../protocol/stage-defaults.ts';
import type { Contender, ExperimentPlan } from './plan.ts';

/** A rollout of a contender, with what is recorded of it. */
export interface LinkedRollout {
  readonly start: number;
  readonly noise: number;
  readonly replayHash: string;
}

/** Places of the page's views. */
const VIEWS = 3;
/** Control rate of the policies that views have which a link does not name, Hz. */
const USUAL_HZ = 20;
/**
 * The address at which a server's page plays a rollout, to the bit.
 *
 * @param page      address of the page, without what follows its path
 * @param controlHz of the contender
 * @returns         null for what the page cannot play: its batches are bounded, and it reads no checkpoint
 *                  that lies anywhere
 */
export function linkTo(
  page: string,
  { task, seed, batch, instruction }: ExperimentPlan,
  contender: Contender,
  { start, noise, replayHash }: LinkedRollout,
  controlHz: number,
): string | null {
  const { source, chunking, guidance, actionHorizon, perturbation } = contender;
  if (batch > LIMITS.batch) return null;
  if (checkpointsAmong([source]).length > 0) return null;
  const lane = laneOf(contender);
  // Views share one rate: where it is not the usual one, all have the policy.
  const views = controlHz === USUAL_HZ ? 1 : VIEWS;
  const inEach = (text: string) => Array.from({ length: views }, () => text).join(',');
  const query = new URLSearchParams();
  if (task !== STAGE_DEFAULTS.task) query.set('task', task);
  query.set('view', '1');
  query.set('side', 'state');
  for (const [key, value] of Object.entries({ seed, episode: start, noise, batch })) {
    query.set(key, String(value));
  }
  if (perturbation) query.set('perturb', formatPerturbation(perturbation));
  query.set('ta', String(actionHorizon));
  for (const [key, value] of Object.entries(chunking ?? {})) query.set(key, String(value));
  query.set('policies', inEach(formatLaneEntry(lane)));
  if (lane.eta) query.set('eta', inEach(String(lane.eta)));
  if (guidance !== null && guidance !== 1) query.set('guidance', inEach(String(guidance)));
  // Left out, each episode of a task with a language would have a sentence of its own.
  if (findTask(task).language) query.set('say', instruction ?? '');
  const hash = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return `${page.replace(/\/*$/, '/')}?recorded=${replayHash}#${hash}`;
}

/** A contender as the page's views are told it. */
function laneOf({ source, sampler }: Contender): Lane {
  if (sampler === null) return { policy: source };
  const nfe = callsOf(sampler);
  return {
    ...{ policy: source, sampler: sampler.kind },
    ...(nfe !== null && { nfe }),
    ...etaOf(sampler),
  };
}

/** Network evaluations to be named with a sampler; null where it has no choice of them. */
function callsOf(sampler: SamplerSpec): number | null {
  if (!('steps' in sampler)) return null;
  return sampler.kind === 'heun' ? 2 * sampler.steps - 1 : sampler.steps;
}
