/** What a link to a rollout asks for, read back. */
import { z } from 'zod';
import { explainIssues, nameSchema } from '../../policies/config/index.ts';
import { chooseDrawing } from '../../policies/drawing.ts';
import { commonHorizon } from '../../server/acting/common-horizon.ts';
import { findPolicy } from '../../server/evaluation/comparison.ts';
import { checkChunking } from '../../server/evaluation/delays.ts';
import { identifyProgram } from '../../server/experiments/code.ts';
import type { ShardDescription } from '../../server/experiments/shard.ts';
import { SCHEMES } from '../../server/protocol/chunking.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import { perturbationTextSchema } from '../../server/protocol/perturbation-schema.ts';
import { sourceName } from '../../server/protocol/sources.ts';
import { STAGE_DEFAULTS } from '../../server/protocol/stage-defaults.ts';
import { policyDigest } from '../../server/storage/open-policy.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { parsePerturbation, UNPERTURBED } from '../../sim/index.ts';
import { REPLAY_HASH } from '../../sim/replay-hash.ts';
import { parseLane } from '../options.ts';

/** Longest address that is read. */
const MOST_CHARACTERS = 2000;

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
