import type { ExperimentReport } from '../../../server/experiments/report.ts';
import { FAMILY, verdictCells } from '../../compare/verdicts.ts';
import { numbersTable, paragraph, section } from '../figure.ts';
import type { Markup } from '../markup.ts';

/** Pairs that are listed; of more, what groups are to one another. */
const MOST_LISTED = 36;

/** What may be said of every two contenders; nothing where there is but one. */
export function verdictsSection(report: ExperimentReport, within: number | null): Markup | null {
  const { pairs } = report;
  if (pairs.length === 0) return null;
  const listed = pairs.length <= MOST_LISTED;
  return section(
    'verdicts',
    'Who is told apart from whom',
    paragraph(
      'A pair is held against each other over rollouts of equal start and noise. The test bets against the ' +
        'hypothesis that there is no difference: e is what a bet of 1 has grown to, and 20 refutes at 5 %. ' +
        'What is shared by a start counts once.',
    ),
    listed ? listOfPairs(report, within) : listOfDuels(report, within),
    paragraph(`${FAMILY[0].toLocaleUpperCase('en')}${FAMILY.slice(1).replaceAll('\n', ' ')}.`),
  );
}

function listOfPairs({ pairs }: ExperimentReport, within: number | null): Markup {
  return numbersTable('pairs', {
    caption: 'Every two contenders',
    heads: ['pair', 'verdict', 'more pairs needed', 'e, adjusted', 'pairs'],
    rows: pairs.map(({ a, b, judged }) => [
      `${a} against ${b}`,
      ...(judged ? verdictCells(judged, within ?? undefined) : ['–', '–', '–', '–']),
    ]),
  });
}

function listOfDuels({ duels }: ExperimentReport, within: number | null): Markup {
  return numbersTable('duels', {
    caption:
      'Every two policies where all else is equal: in how many settings the one is better or worse than the ' +
      'other. One that has a single place on an axis is held against all of the other’s.',
    heads: [
      ...['policies', 'settings', 'better', 'worse'],
      ...(within === null ? [] : [`same, δ = ${within}`]),
      'cannot tell yet',
    ],
    rows: duels.map(({ one, other, better, worse, same, open }) => [
      `${one} against ${other}`,
      ...[better + worse + same + open, better, worse].map(String),
      ...(within === null ? [] : [String(same)]),
      String(open),
    ]),
  });
}
