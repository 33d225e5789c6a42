import type { RolloutMeasures } from '../../server/evaluation/evaluate.ts';
import { policyName } from '../../server/experiments/axes.ts';
import { type Contender, type ExperimentPlan, samplerName } from '../../server/experiments/plan.ts';
import type { ExperimentReport } from '../../server/experiments/report.ts';
import { formatCsv } from '../../server/protocol/csv.ts';
import { formatPerturbation } from '../../sim/index.ts';
import { measureCells, measureHeads } from '../compare/measures.ts';
import { ROBUSTNESS_HEADS, ROBUSTNESS_NOTE, robustnessCells } from '../compare/robustness-table.ts';
import { formatTable, meanAndDeviation, orDash, percent, range } from '../table.ts';

/** Who a contender is, as the first columns of every table. */
export const CONTENDER_HEADS = [
  ...['policy', 'seed', 'sampler', 'NFE', 'Ta', 'scheme', 'd'],
  'perturbation',
] as const;

export function contenderCells(contender: Contender): string[] {
  const { nfe, actionHorizon, chunking, perturbation } = contender;
  return [
    policyName(contender),
    orDash(contender.trained?.seed ?? null),
    orDash(samplerName(contender)),
    orDash(nfe),
    String(actionHorizon),
    orDash(chunking?.scheme ?? null),
    orDash(chunking?.delay ?? null),
    perturbation ? formatPerturbation(perturbation) : '–',
  ];
}

/** A row a contender, with what else is to be said of each. */
export function formatContenders(
  { contenders }: ExperimentPlan,
  columns: readonly string[],
  cells: (index: number) => readonly string[],
): string {
  // Most plans have none of these.
  const shown = CONTENDER_HEADS.map((head) => {
    if (head === 'seed') return contenders.some(({ trained }) => trained);
    return head !== 'perturbation' || contenders.some(({ perturbation }) => perturbation);
  });
  return formatTable(
    [...CONTENDER_HEADS.filter((_, k) => shown[k]), ...columns],
    contenders.map((contender, i) => [
      ...contenderCells(contender).filter((_, k) => shown[k]),
      ...cells(i),
    ]),
  );
}

/**
 * What each contender's rollouts amount to.
 *
 * @param letters of each, where there are verdicts
 */
export function formatMeasures(
  plan: ExperimentPlan,
  measures: readonly RolloutMeasures[],
  letters?: readonly (string | null)[],
): string {
  const repeats = plan.rollouts > plan.starts;
  const modes = Object.keys(measures[0].modes).join('/');
  const heads = ['success', '95 %', ...(letters ? [''] : []), ...measureHeads(modes)];
  return formatContenders(plan, heads, (i) => {
    const { success } = measures[i];
    const told = letters ? [letters[i] ?? ''] : [];
    return [
      ...[percent(success.rate), range(success.ci95), ...told],
      ...measureCells(measures[i], repeats),
    ];
  });
}

/** Each training over its seeds; the rows of the seeds are those of the contenders. */
export function formatSeeds({ seeds }: Pick<ExperimentReport, 'seeds'>): string {
  return formatTable(
    ['training', 'seeds', 'success', 'least–most', 'entropy'],
    seeds.map(({ name, seeds: own, success, entropy }) => [
      ...[name, own.join(', '), meanAndDeviation(success), range([success.least, success.most])],
      `${entropy.mean.toFixed(2)} ± ${entropy.deviation.toFixed(2)}`,
    ]),
  );
}

/** What each perturbation does, a row each. */
export function formatRobustness({
  contenders,
  robustness,
}: Pick<ExperimentReport, 'contenders' | 'robustness'>): string {
  const table = formatTable(
    ['contender', 'perturbation', ...ROBUSTNESS_HEADS],
    robustness.map(({ contender, control, ...each }) => [
      contenders[control].name,
      formatPerturbation(contenders[contender].contender.perturbation),
      ...robustnessCells(each),
    ]),
  );
  return `${table}${ROBUSTNESS_NOTE}\n`;
}

/**
 * The same as comma-separated values (RFC 4180), numbers in full.
 *
 * @param letters as of `formatMeasures`
 */
export function measuresAsCsv(
  plan: ExperimentPlan,
  measures: readonly RolloutMeasures[],
  letters?: readonly (string | null)[],
): string {
  const modes = Object.keys(measures[0].modes);
  const header = [
    ...['policy', 'sampler', 'nfe', 'action_horizon', 'guidance', 'scheme', 'delay', 'rollouts'],
    ...['successes', 'success', 'success_low', 'success_high', 'contact'],
    ...modes.map((mode) => `mode_${mode}`),
    ...['mode_entropy', 'conditional_entropy', 'kl_to_demos', 'invalid_middle', 'mode_switch_rate'],
    ...['seam_jump', 'steps_to_success', ...(letters ? ['letters'] : [])],
    ...['perturbation', 'training_seed', 'plans_to_decision'],
    ...['jerk_mean', 'jerk_max', 'seam_velocity_mean', 'seam_velocity_max'],
  ];
  const rows = plan.contenders.map((contender, i) => {
    const { sampler, nfe, actionHorizon, guidance, chunking, perturbation, trained } = contender;
    const each = measures[i];
    return [
      ...[policyName(contender), sampler?.kind, nfe, actionHorizon, guidance],
      ...[chunking?.scheme, chunking?.delay, plan.rollouts],
      ...[each.success.k, each.success.rate, ...each.success.ci95, each.contact.rate],
      ...modes.map((mode) => each.modes[mode]),
      ...[each.modeEntropy, each.conditionalEntropy, each.klToDemos, each.invalidMiddle.rate],
      ...[each.modeSwitchRate, each.seamJump, each.stepsToSuccess],
      ...(letters ? [letters[i]] : []),
      ...[perturbation ? formatPerturbation(perturbation) : null, trained?.seed],
      each.plansToDecision,
      ...[each.jerk?.mean, each.jerk?.max, each.seamVelocity?.mean, each.seamVelocity?.max],
    ];
  });
  return formatCsv([header, ...rows]);
}
