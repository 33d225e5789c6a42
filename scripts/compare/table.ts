import { comparison } from '../../server/evaluation/comparison.ts';
import { besides, type Comparison, type PolicyResult } from '../../server/protocol/results.ts';
import type { Lane } from '../../server/protocol/stage.ts';
import { type FewStarts, fewStarts } from '../../server/protocol/starts.ts';
import { evaluateWithProgress } from '../evaluate.ts';
import type { CommonOptions } from '../options.ts';
import { formatTable, orDash, percent, printJson, range, sayFailures } from '../table.ts';
import { measureCells, measureHeads, SMOOTHNESS_HEADS, smoothnessCells } from './measures.ts';
import { type EvaluationOptions, requestOf } from './options.ts';
import { formatVerdicts, sayEnded } from './verdicts.ts';

export async function compareWithProgress(
  policies: Lane[],
  options: EvaluationOptions,
): Promise<Comparison> {
  const request = { policies, ...requestOf(options) };
  const total = options.rollouts * policies.length;
  return evaluateWithProgress(comparison, request, options, { unit: 'rollouts', total });
}

export function printComparison(
  comparison: Comparison,
  { json }: Pick<CommonOptions, 'json'>,
): void {
  if (json) {
    printJson(comparison);
    return;
  }
  const { policies, paired, starts, rollouts, ended, engine, seconds } = comparison;
  const repeats = rollouts > starts;
  process.stdout.write(
    formatTable(
      [
        'policy',
        'sampler',
        'NFE',
        'Ta',
        'success',
        '95 %',
        // With two there is but one pair, and its line says it.
        ...(policies.length > 2 ? [''] : []),
        ...measureHeads(Object.keys(policies[0].modes).join('/')),
        ...SMOOTHNESS_HEADS.slice(0, 2),
        'ms/plan',
        'ms/step',
      ],
      policies.map((each) => [
        each.run ?? each.name,
        `${orDash(each.sampler)}${besides(each)}`,
        orDash(each.nfe),
        String(each.actionHorizon),
        percent(each.success.rate),
        range(each.success.ci95),
        ...(policies.length > 2 ? [each.letters ?? ''] : []),
        ...measureCells(each, repeats),
        // Reports and --json have the largest, too.
        ...smoothnessCells(each).slice(0, 2),
        each.latencyMs?.chunk.p50.toFixed(2) ?? '–',
        each.latencyMs?.perStep.p50.toFixed(3) ?? '–',
      ]),
    ),
  );
  if (paired.length > 0) process.stdout.write(`\n${formatVerdicts(comparison)}\n`);
  for (const each of policies) process.stdout.write(sayOfServer(each) + sayFailures(each));
  // It is said of a test that is not looked at before the end.
  const few = ended ? null : fewStarts(comparison);
  if (few) process.stdout.write(`${sayFewStarts(few)}\n`);
  if (ended) process.stdout.write(`${sayEnded(comparison, ended)}\n`);
  const each = ended ? 'at most ' : '';
  process.stdout.write(
    `${each}${rollouts} rollouts each from ${starts} starts · ${engine} · ${seconds.toFixed(0)} s\n`,
  );
}

/** What is to be known of a policy that somebody else's server runs; nothing of others. */
function sayOfServer({ name, latencyMs, replayable }: PolicyResult): string {
  if (replayable !== false) return '';
  const wire = latencyMs?.wire;
  const time = wire ? `, of a plan ${wire.p50.toFixed(2)} ms are on the wire` : '';
  return `${name}: not replayable, as its server answers for itself${time}\n`;
}

function sayFewStarts({ starts, least, needed }: FewStarts): string {
  const more = needed.map((each) => `${each.starts} to reach ${each.level}`).join(', ');
  return (
    `with ${starts} ${starts === 1 ? 'start' : 'starts'} no p below ${least.toPrecision(2)} is ` +
    `possible; it takes ${more} (--starts)`
  );
}
