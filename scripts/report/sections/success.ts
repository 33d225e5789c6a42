import { varyingAxes } from '../../../server/experiments/axes.ts';
import type { ExperimentReport, ReportedContender } from '../../../server/experiments/report.ts';
import { percent, range } from '../../table.ts';
import { forestPanel } from '../charts/forest.ts';
import { plot, section } from '../figure.ts';
import type { Markup } from '../markup.ts';
import { shareDomain } from '../scale.ts';
import { settingOf } from '../settings.ts';

/** Contenders that are looked at in one panel. */
const MOST_TOGETHER = 10;

/** Success of each contender with its interval, a panel a policy where there are many. */
export function successSection({ contenders, groups }: ExperimentReport): Markup {
  const axes = varyingAxes(contenders.map(({ contender }) => contender));
  const domain = shareDomain(contenders.map(({ measures }) => measures.success.ci95[0]));
  const together = contenders.length <= MOST_TOGETHER || groups.length === contenders.length;
  const panels = together
    ? [{ title: 'all contenders', members: contenders.map((_, i) => i) }]
    : groups.map(({ name, members }) => ({ title: name, members }));
  const labelOf = (each: ReportedContender) =>
    together ? each.name : settingOf(each.contender, axes) || each.name;
  return section(
    'success',
    'Success',
    plot('success', {
      note:
        'A point is the share of rollouts that succeed, the line its 95 % interval, the letters those of ' +
        'the table. All panels have one scale.',
      key: null,
      panels: panels.map(({ title, members }, k) => {
        const own = members.map((i) => contenders[i]);
        const [first] = axes;
        return {
          title,
          picture: forestPanel(
            {
              id: `success-${k}`,
              title: `Success of ${title}`,
              description: describe(own),
            },
            own.map((each, i) => ({
              label: labelOf(each),
              said: say(each),
              rate: each.measures.success,
              letters: each.letters,
              apart:
                !together &&
                axes.length > 1 &&
                i > 0 &&
                settingOf(each.contender, [first]) !== settingOf(own[i - 1].contender, [first]),
            })),
            domain,
          ),
        };
      }),
      numbers: {
        caption: 'Success by contender',
        heads: ['contender', 'success', '95 %', 'successes', 'rollouts', 'letters'],
        rows: contenders.map(({ name, letters, measures: { success } }) => [
          ...[name, percent(success.rate), range(success.ci95)],
          ...[String(success.k), String(success.n), letters ?? '–'],
        ]),
      },
    }),
  );
}

function say({ name, measures: { success } }: ReportedContender): string {
  return `${name}: ${percent(success.rate)} (${range(success.ci95)})`;
}

function describe(contenders: readonly ReportedContender[]): string {
  const rates = contenders.map(({ measures }) => measures.success.rate);
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  const span = least === most ? percent(least) : `${percent(least)} to ${percent(most)}`;
  return `${contenders.length} rates from ${span}; the numbers are in the table below.`;
}
