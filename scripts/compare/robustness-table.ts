import { robustness } from '../../server/evaluation/robustness.ts';
import type { Robustness, RobustnessReport } from '../../server/protocol/results.ts';
import type { Lane } from '../../server/protocol/stage.ts';
import { type Perturbation, UNPERTURBED } from '../../sim/index.ts';
import { evaluateWithProgress } from '../evaluate.ts';
import type { CommonOptions } from '../options.ts';
import { formatTable, orDash, percent, printJson, range, sayFailures } from '../table.ts';
import { type EvaluationOptions, requestOf } from './options.ts';

/** The comparison of policies with themselves where something is otherwise. */
export async function comparePerturbed(
  policies: Lane[],
  perturbations: readonly Perturbation[],
  options: EvaluationOptions,
): Promise<RobustnessReport> {
  const request = { policies, perturbations, ...requestOf(options) };
  const total = options.rollouts * policies.length * (1 + perturbations.length);
  return evaluateWithProgress(robustness, request, options, { unit: 'rollouts', total });
}

export function printRobustness(
  report: RobustnessReport,
  { json }: Pick<CommonOptions, 'json'>,
): void {
  if (json) {
    printJson(report);
    return;
  }
  const { results, rollouts, starts, engine, seconds } = report;
  process.stdout.write(
    formatTable(
      [
        ...['policy', 'sampler', 'NFE', 'Ta', 'perturbation', 'success', '95 %'],
        ...[...ROBUSTNESS_HEADS, 'contact', 'steps'],
      ],
      results.map((each) => [
        ...[each.run ?? each.name, orDash(each.sampler), orDash(each.nfe)],
        ...[String(each.actionHorizon), each.perturbation ?? UNPERTURBED],
        ...[percent(each.success.rate), range(each.success.ci95)],
        ...(each.againstControl ? robustnessCells(each.againstControl) : ['–', '–', '–', '–']),
        ...[percent(each.contact.rate), each.stepsToSuccess?.toFixed(0) ?? '–'],
      ]),
    ),
  );
  for (const each of results) {
    const name = `${each.name}, ${each.perturbation ?? UNPERTURBED}`;
    process.stdout.write(sayFailures({ ...each, name }));
  }
  process.stdout.write(
    `${ROBUSTNESS_NOTE}\n${rollouts} rollouts each from ${starts} starts · ${engine} · ` +
      `${seconds.toFixed(0)} s\n`,
  );
}

/** What tables say of a perturbation beside success. */
export const ROBUSTNESS_HEADS = ['difference', 'its 95 %', 'p', 'verdict'] as const;

export const ROBUSTNESS_NOTE =
  'difference: success less that of the control of equal starts and noises; p of each alone, verdicts ' +
  'of all together: one claim is false with probability 5 % at most';

export function robustnessCells({ difference, ci95, p, judged }: Robustness): string[] {
  return [
    signed(difference),
    ci95.map(signed).join(' … '),
    p.toPrecision(2),
    judged.verdict === 'open' ? 'cannot tell yet' : judged.verdict,
  ];
}

/** Points of a hundred with their sign. */
function signed(rate: number): string {
  const points = Math.round(1000 * Math.abs(rate)) / 10;
  return `${points === 0 ? '' : rate < 0 ? '−' : '+'}${points.toFixed(points < 10 ? 1 : 0)} %`;
}
