import type { RolloutMeasures } from '../../server/evaluation/evaluate.ts';
import { type Contender, type ExperimentPlan, samplerName } from '../../server/experiments/plan.ts';
import { runOf } from '../../server/protocol/sources.ts';
import { measureCells, measureHeads } from '../compare/measures.ts';
import { formatTable, orDash, percent, range } from '../table.ts';

/** Who a contender is, as the first columns of every table. */
const CONTENDER = ['policy', 'sampler', 'NFE', 'Ta', 'scheme', 'd'] as const;

function contenderCells(contender: Contender): string[] {
  const { source, name, nfe, actionHorizon, chunking } = contender;
  return [
    runOf(source) ?? name,
    orDash(samplerName(contender)),
    orDash(nfe),
    String(actionHorizon),
    orDash(chunking?.scheme ?? null),
    orDash(chunking?.delay ?? null),
  ];
}

/** A row a contender, with what else is to be said of each. */
export function formatContenders(
  { contenders }: ExperimentPlan,
  columns: readonly string[],
  cells: (index: number) => readonly string[],
): string {
  return formatTable(
    [...CONTENDER, ...columns],
    contenders.map((contender, i) => [...contenderCells(contender), ...cells(i)]),
  );
}

/** What each contender's rollouts amount to. */
export function formatMeasures(plan: ExperimentPlan, measures: readonly RolloutMeasures[]): string {
  const repeats = plan.rollouts > plan.starts;
  const modes = Object.keys(measures[0].modes).join('/');
  return formatContenders(plan, ['success', '95 %', ...measureHeads(modes)], (i) => {
    const each = measures[i];
    return [percent(each.success.rate), range(each.success.ci95), ...measureCells(each, repeats)];
  });
}

/** The same as comma-separated values (RFC 4180), numbers in full. */
export function measuresAsCsv(plan: ExperimentPlan, measures: readonly RolloutMeasures[]): string {
  const modes = Object.keys(measures[0].modes);
  const header = [
    ...['policy', 'sampler', 'nfe', 'action_horizon', 'guidance', 'scheme', 'delay', 'rollouts'],
    ...['successes', 'success', 'success_low', 'success_high', 'contact'],
    ...modes.map((mode) => `mode_${mode}`),
    ...['mode_entropy', 'conditional_entropy', 'kl_to_demos', 'invalid_middle', 'mode_switch_rate'],
    ...['seam_jump', 'steps_to_success'],
  ];
  const rows = plan.contenders.map((contender, i) => {
    const { source, name, sampler, nfe, actionHorizon, guidance, chunking } = contender;
    const each = measures[i];
    return [
      ...[runOf(source) ?? name, sampler?.kind, nfe, actionHorizon, guidance],
      ...[chunking?.scheme, chunking?.delay, plan.rollouts],
      ...[each.success.k, each.success.rate, ...each.success.ci95, each.contact.rate],
      ...modes.map((mode) => each.modes[mode]),
      ...[each.modeEntropy, each.conditionalEntropy, each.klToDemos, each.invalidMiddle.rate],
      ...[each.modeSwitchRate, each.seamJump, each.stepsToSuccess],
    ];
  });
  return [header, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
