import { delays } from '../../server/evaluation/delays.ts';
import type { Scheme } from '../../server/protocol/chunking.ts';
import type { DelayReport } from '../../server/protocol/results.ts';
import type { Lane } from '../../server/protocol/stage.ts';
import { evaluateWithProgress } from '../evaluate.ts';
import type { CommonOptions } from '../options.ts';
import { formatTable, orDash, percent, printJson, range, sayFailures } from '../table.ts';
import { type EvaluationOptions, requestOf } from './options.ts';

/** The comparison where planning takes several control steps: by what the arm does meanwhile. */
export async function compareDelaysWithProgress(
  policies: Lane[],
  steps: readonly number[],
  schemes: readonly Scheme[],
  options: EvaluationOptions,
): Promise<DelayReport> {
  const cases = policies.length * schemes.length * steps.length;
  const request = { policies, schemes, delays: steps, ...requestOf(options) };
  const total = options.rollouts * cases;
  return evaluateWithProgress(delays, request, options, { unit: 'rollouts', total });
}

export function printDelays(report: DelayReport, { json }: Pick<CommonOptions, 'json'>): void {
  if (json) {
    printJson(report);
    return;
  }
  const { results, rollouts, starts, engine, seconds } = report;
  const number = (value: number | null, digits: number) => value?.toFixed(digits) ?? '–';
  process.stdout.write(
    formatTable(
      [
        'policy',
        'sampler',
        'NFE',
        'Ta',
        'scheme',
        'd',
        'success',
        '95 %',
        'contact',
        'seam jump',
        'beside',
        'ratio',
        'switches',
        'steps',
      ],
      results.map(({ seam, ...each }) => [
        each.run ?? each.name,
        orDash(each.sampler),
        orDash(each.nfe),
        String(each.actionHorizon),
        each.scheme,
        String(each.delay),
        percent(each.success.rate),
        range(each.success.ci95),
        percent(each.contact.rate),
        number(seam.jump, 4),
        number(seam.beside, 4),
        number(seam.ratio, 2),
        percent(each.modeSwitchRate),
        number(each.stepsToSuccess, 0),
      ]),
    ),
  );
  for (const each of results) {
    const name = `${each.name}, ${each.scheme} at d = ${each.delay}`;
    process.stdout.write(sayFailures({ ...each, name }));
  }
  process.stdout.write(
    `d in control steps, jumps in rad a step · ${rollouts} rollouts each from ${starts} starts · ` +
      `${engine} · ${seconds.toFixed(0)} s\n`,
  );
}
