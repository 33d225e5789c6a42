/** Links to rollouts: the address of the page that plays one, which says all that decides it. */
import { z } from 'zod';
import type { SamplerSpec } from '../../policies/config/index.ts';
import { explainIssues, nameSchema } from '../../policies/config/index.ts';
import { chooseDrawing } from '../../policies/drawing.ts';
import { commonHorizon } from '../../server/acting/common-horizon.ts';
import { findPolicy } from '../../server/evaluation/comparison.ts';
import { checkChunking } from '../../server/evaluation/delays.ts';
import { identifyProgram } from '../../server/experiments/code.ts';
import type { Contender, ExperimentPlan } from '../../server/experiments/plan.ts';
import type { ShardDescription } from '../../server/experiments/shard.ts';
import { SCHEMES } from '../../server/protocol/chunking.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { formatLaneEntry } from '../../server/protocol/lane-entry.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import { perturbationTextSchema } from '../../server/protocol/perturbation-schema.ts';
import { checkpointsAmong, sourceName } from '../../server/protocol/sources.ts';
import type { Lane } from '../../server/protocol/stage.ts';
import { STAGE_DEFAULTS } from '../../server/protocol/stage-defaults.ts';
import { policyDigest } from '../../server/storage/open-policy.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { findTask, formatPerturbation, parsePerturbation, UNPERTURBED } from '../../sim/index.ts';
import { REPLAY_HASH } from '../../sim/replay-hash.ts';
import { parseLane } from '../options.ts';

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
/** Longest address that is read. */
const MOST_CHARACTERS = 2000;

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
    ...(sampler.kind === 'ddim' && sampler.eta > 0 && { eta: sampler.eta }),
  };
}

/** Network evaluations to be named with a sampler; null where it has no choice of them. */
function callsOf(sampler: SamplerSpec): number | null {
  if (!('steps' in sampler)) return null;
  return sampler.kind === 'heun' ? 2 * sampler.steps - 1 : sampler.steps;
}

const whole = (most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.int().min(0).max(most));
const firstOf = z.string().transform((text) => text.split(',')[0]);

/** What an address says of a rollout; other fields are the page's own. */
const linkSchema = z.object({
  task: nameSchema.default(STAGE_DEFAULTS.task),
  seed: whole(LIMITS.seed),
  episode: whole(LIMITS.rollouts),
  noise: whole(LIMITS.noise),
  batch: whole(LIMITS.batch).pipe(z.int().min(1)),
  ta: whole(128).pipe(z.int().min(1)),
  scheme: z.enum(SCHEMES).optional(),
  delay: whole(LIMITS.delay).default(0),
  policies: firstOf,
  eta: firstOf.transform(Number).pipe(z.number().min(0).max(1)).optional(),
  guidance: firstOf.transform(Number).pipe(z.number().min(0).max(LIMITS.guidance)).optional(),
  say: z.string().max(LIMITS.instruction).optional(),
  perturb: perturbationTextSchema.optional(),
});

/** Whether something is meant to be a link. */
export function isLink(text: string): boolean {
  return /^https?:\/\//.test(text);
}

/**
 * What a link asks for, with the policies that there are here.
 *
 * @returns a shard of one rollout, and the recorded hash; null where the link names none
 * @throws ProtocolError 'invalid-request' for what is no link to a rollout, 'not-found' for its policy
 * @throws SpecError where the policy cannot be drawn so
 */
export async function readLink(
  workspace: Workspace,
  text: string,
): Promise<{ readonly shard: ShardDescription; readonly recorded: string | null }> {
  const said = parseLink(text);
  const { task, seed, batch, episode, noise, ta, say = '' } = said.rollout;
  const { policies, eta, guidance, scheme, delay, perturb = UNPERTURBED } = said.rollout;
  const { policy: source, ...choice } = parseLane(policies, eta === undefined ? {} : { eta });
  const { about } = await findPolicy(workspace, source);
  if (about.task !== task) {
    throw new ProtocolError(
      'invalid-request',
      `link: expected a policy of the task ${task}, got ${sourceName(source)} of ${about.task}`,
    );
  }
  const perturbation = parsePerturbation(perturb);
  if (typeof perturbation === 'string') {
    throw new ProtocolError('invalid-request', `link: ${perturbation}`);
  }
  const chunking = scheme ? { scheme, delay } : null;
  const actionHorizon = commonHorizon([about], ta, [sourceName(source)]);
  if (chunking) checkChunking(chunking, about, actionHorizon);
  const acting = {
    ...{ source, digest: await policyDigest(workspace, source), chunking },
    sampler: chooseDrawing(about, choice),
    actionHorizon,
    guidance: guidance ?? null,
    ...(perturbation && { perturbation }),
  };
  const { engine } = workspace.place;
  const instruction = say === '' ? null : say;
  const setting = {
    ...(await identifyProgram('rollouts')),
    engine,
    batch,
    task,
    seed,
    instruction,
  };
  return {
    shard: { format: 1, ...setting, acting, cells: [[episode, noise]] },
    recorded: said.recorded,
  };
}

function parseLink(text: string) {
  const refuse = (what: string) =>
    new ProtocolError(
      'invalid-request',
      `link: expected one of a report, ${what}; copy it whole, and put it in quotes`,
    );
  if (text.length > MOST_CHARACTERS) throw refuse(`got ${text.length} characters`);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) throw refuse(`got "${text.slice(0, 200)}"`);
  const fields = Object.fromEntries(new URLSearchParams(url.hash.slice(1)));
  const { data, error } = linkSchema.safeParse(fields);
  if (!data) throw refuse(explainIssues(error));
  const recorded = url.searchParams.get('recorded');
  if (recorded !== null && !REPLAY_HASH.test(recorded)) throw refuse('got no recorded hash');
  return { rollout: data, recorded };
}
