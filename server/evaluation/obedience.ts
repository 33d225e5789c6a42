import {
  checkGuidance,
  type SamplerChoice,
  type SamplerSpec,
} from '../../policies/config/index.ts';
import { chooseDrawing, evaluationsOf } from '../../policies/drawing.ts';
import type { PolicyDescription } from '../../policies/policy.ts';
import { findTask, type Task, type TaskLanguage } from '../../sim/index.ts';
import { commonHorizon } from '../acting/common-horizon.ts';
import { unheardSentence } from '../acting/unheard-sentence.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Obedience, ObedienceReport } from '../protocol/results.ts';
import type { PolicySource } from '../protocol/sources.ts';
import { correctedEntropy, proportion } from '../statistics/index.ts';
import { describePolicy } from '../storage/open-policy.ts';
import type { Workspace } from '../storage/workspace.ts';
import { resultName } from './comparison.ts';
import { countModes, failuresOf, type GridCell, type GridResult } from './evaluate.ts';
import type { Evaluation, EvaluationPlan, Measured } from './evaluation.ts';

/** A rollout with what it was told. */
export interface ToldCell extends GridCell {
  readonly instruction: string;
}

/** Which sentences of a task are said. */
export const SENTENCES = [
  /** Held out of training, in words that were trained on. */
  'held-out',
  /** In words of their own, one after the other. */
  'unseen',
] as const;
export type Sentences = (typeof SENTENCES)[number];

/**
 * Rollouts that tell how well a policy does what it is told: each from a start of its own with a
 * sentence that is held out of training, one third naming the object, one third the side, one
 * third both; then half as many from one start that are told nothing.
 *
 * @param rollouts  told ones
 * @param sentences @default 'held-out'
 * @throws ProtocolError 'invalid-request' for a task without a language
 */
export function obedienceCells(
  task: Task,
  rollouts: number,
  seed: number,
  sentences: Sentences = 'held-out',
): ToldCell[] {
  const language = languageOf(task);
  const told = Array.from({ length: rollouts }, (_, i) => {
    const { sayings } = language;
    const instruction =
      sentences === 'unseen'
        ? sayings[i % sayings.length].text
        : unheardSentence(language, seed, i);
    return { start: i, noise: i, instruction };
  });
  const silent = Array.from({ length: Math.ceil(rollouts / 2) }, (_, i) => ({
    start: 0,
    noise: rollouts + i,
    instruction: '',
  }));
  return [...told, ...silent];
}

/** What is asked about a policy's obedience. */
export interface ObedienceRequest extends SamplerChoice {
  readonly policy: PolicySource;
  /** Guidance scales to try, w. */
  readonly guidance: readonly number[];
  /** Rollouts that are told something, at each scale. */
  readonly rollouts: number;
  /** @default 'held-out' */
  readonly sentences?: Sentences | undefined;
  readonly seed: number;
  /** Ta. @default 1 s, at most the whole plan */
  readonly actionHorizon?: number | undefined;
}

/** An input a guidance scale. */
export interface ObediencePlan extends EvaluationPlan {
  readonly request: ObedienceRequest;
  readonly about: PolicyDescription;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: SamplerSpec | null;
  readonly actionHorizon: number;
  readonly cells: readonly ToldCell[];
}

/** Whether a policy does what it is told, at several guidance scales. */
export const obedience: Evaluation<ObedienceRequest, ObediencePlan, ObedienceReport> = {
  plan: planObedience,
  conclude: concludeObedience,
};

/** @throws ProtocolError, SpecError for what the policy cannot be asked */
export async function planObedience(
  workspace: Workspace,
  request: ObedienceRequest,
): Promise<ObediencePlan> {
  const { seed, rollouts, policy: source } = request;
  const about = await describePolicy(workspace, source);
  const cells = obedienceCells(findTask(about.task), rollouts, seed, request.sentences);
  for (const scale of request.guidance) checkGuidance(about.abilities, scale);
  const sampler = chooseDrawing(about, request);
  const actionHorizon = commonHorizon([about], request.actionHorizon);
  const inputs = request.guidance.map((guidance) => {
    return { place: workspace.place, source, sampler, actionHorizon, guidance, seed };
  });
  return { request, about, sampler, actionHorizon, cells, inputs };
}

export function concludeObedience(
  { request, about, sampler, actionHorizon, cells }: ObediencePlan,
  { results, engine, seconds }: Pick<Measured, 'results' | 'engine' | 'seconds'>,
): ObedienceReport {
  const { policy: source, guidance, seed, rollouts, sentences = 'held-out' } = request;
  const task = findTask(about.task);
  return {
    task: task.name,
    ...resultName(source, about),
    sampler: sampler?.kind ?? null,
    actionHorizon,
    seed,
    rollouts,
    sentences,
    engine,
    guidance: guidance.map((scale, i) => ({
      guidance: scale,
      nfe: evaluationsOf(about, sampler, scale),
      ...summarizeObedience(task, cells, results[i]),
      ...failuresOf(results[i]),
    })),
    seconds,
  };
}

/** What rollouts of `obedienceCells` amount to. */
export function summarizeObedience(
  task: Task,
  cells: readonly ToldCell[],
  results: readonly GridResult[],
): Omit<Obedience, 'guidance' | 'nfe'> {
  const { understand } = languageOf(task);
  const all = results.map((result, i) => {
    const { instruction } = cells[i];
    return { ...result, goal: understand(instruction), silent: instruction === '' };
  });
  const told = all.filter(({ silent }) => !silent);
  const silent = all.filter((each) => each.silent);
  const namesObject = told.filter(({ goal }) => goal.object !== null);
  const namesMode = told.filter(({ goal }) => goal.mode !== null);
  const share = <T>(group: readonly T[], matches: (each: T) => boolean) =>
    proportion(group.filter(matches).length, group.length);
  const done = silent.filter(({ success }) => success);
  return {
    obeyed: share(
      told,
      ({ success, goal, mode }) => success && (goal.mode === null || mode === goal.mode),
    ),
    success: share(told, ({ success }) => success),
    rightObject: share(namesObject, ({ success }) => success),
    wrongObject: share(
      namesObject,
      ({ goal, lifted }) => lifted !== null && lifted !== goal.object,
    ),
    rightSide: share(namesMode, ({ goal, mode }) => mode === goal.mode),
    contact: share(told, ({ contact }) => contact),
    silence: {
      success: share(silent, ({ success }) => success),
      modeEntropy: correctedEntropy(countModes(task, done), task.modes.length),
      objects: Object.fromEntries(
        task.objectNames.map((name) => [
          name,
          silent.filter(({ lifted }) => lifted === name).length,
        ]),
      ),
    },
  };
}

function languageOf({ name, language }: Task): TaskLanguage {
  if (language) return language;
  throw new ProtocolError(
    'invalid-request',
    `task ${name} has no language: expected a policy of a task in which one can be told something`,
  );
}
