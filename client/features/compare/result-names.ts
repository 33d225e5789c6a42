import type { PolicyResult } from '../../../server/protocol/index.ts';
import { METHOD_NAMES, type MethodName, SHIPPED } from '../../../server/protocol/policies.ts';
import { etaText, scaleText } from '../../shared/lanes/role-text.ts';
import { STAGE_TASKS } from '../../shared/tasks/stage-tasks.ts';
import { t } from '../../texts.ts';

/** What a result's policy learnt by; null where its name does not say. */
export function methodOf({ name }: Pick<PolicyResult, 'name'>): MethodName | null {
  const shipped = Object.entries(SHIPPED).find(([each]) => each === name)?.[1];
  return shipped ?? METHOD_NAMES.find((each) => each === name) ?? null;
}

/** The policy a result is of: as on the stage, which says the task elsewhere. */
export function nameOf({ name }: Pick<PolicyResult, 'name'>): string {
  const task = STAGE_TASKS.find((each) => name.startsWith(`${each}-`));
  const bare = task === undefined ? name : name.slice(task.length + 1);
  const known = METHOD_NAMES.find((each) => each === bare);
  return known ? t.value.short[known] : name;
}

/** Whose weights, and how its plans were drawn: "4f2a · Heun · 9". */
export function detailsOf({
  run,
  sampler,
  nfe,
  eta,
  guidance,
}: Pick<PolicyResult, 'run' | 'sampler' | 'nfe' | 'eta' | 'guidance'>): string {
  const drawn = Object.entries(t.value.sampler).find(([kind]) => kind === sampler)?.[1] ?? sampler;
  const scale = guidance === undefined ? null : scaleText(guidance);
  const noise = eta === undefined ? null : etaText(eta);
  return [run?.slice(-4), drawn, nfe, noise, scale].filter((each) => each != null).join(' · ');
}

/** Names that tell the results apart: one policy may be among them twice, drawn in two ways. */
export function titlesOf(results: readonly PolicyResult[]): string[] {
  const names = results.map(nameOf);
  return names.map((name, i) =>
    names.filter((each) => each === name).length > 1 ? `${name} (${detailsOf(results[i])})` : name,
  );
}

/** Every two of them, in the order in which a comparison tests them against each other. */
export function pairsOf<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((a, i) => all.slice(i + 1).map((b): [T, T] => [a, b]));
}
