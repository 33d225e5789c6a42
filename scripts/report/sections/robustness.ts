import type { ExperimentReport } from '../../../server/experiments/report.ts';
import { formatPerturbation, partsOf } from '../../../sim/index.ts';
import { ROBUSTNESS_HEADS, robustnessCells } from '../../compare/robustness-table.ts';
import { percent } from '../../table.ts';
import { numbersTable, paragraph, section } from '../figure.ts';
import type { Markup } from '../markup.ts';

/** What perturbations do to each contender; nothing where the plan has none. */
export function robustnessSection({ contenders, robustness }: ExperimentReport): Markup | null {
  if (robustness.length === 0) return null;
  const kinds = new Map(
    contenders
      .flatMap(({ contender: { perturbation } }) => (perturbation ? partsOf(perturbation) : []))
      .map(({ kind }) => [kind.name, `${kind.name}, ${kind.unit}: ${kind.about}`]),
  );
  return section(
    'robustness',
    'What perturbations do',
    paragraph(
      'Each rollout is held against its control: the same policy from the same start with the same noise, ' +
        'and nothing otherwise. The difference is success with the perturbation less success without it; ' +
        'its interval counts what is shared by a start once, p is of each difference alone. Verdicts are ' +
        'of all of them together: one claim is false with probability 5 % at most.',
    ),
    numbersTable('robustness-table', {
      caption: 'Each perturbation against its control',
      heads: [
        ...['contender', 'perturbation', 'success', 'control', ...ROBUSTNESS_HEADS],
        ...['only with it', 'only without it'],
      ],
      rows: robustness.map(({ contender, control, ...each }) => [
        contenders[control].name,
        formatPerturbation(contenders[contender].contender.perturbation),
        percent(contenders[contender].measures.success.rate),
        percent(contenders[control].measures.success.rate),
        ...robustnessCells(each),
        ...[String(each.gained), String(each.lost)],
      ]),
    }),
    paragraph(`${[...kinds.values()].join('; ')}.`),
  );
}
