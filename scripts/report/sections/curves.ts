import {
  type Axis,
  type NumericAxis,
  placeOn,
  placesOn,
  varyingAxes,
} from '../../../server/experiments/axes.ts';
import type { Contender } from '../../../server/experiments/plan.ts';
import type { ExperimentReport, ReportedContender } from '../../../server/experiments/report.ts';
import { percent, range } from '../../table.ts';
import { type Curve, curvePanel } from '../charts/curves.ts';
import { legend, TOLD_APART } from '../charts/drawing.ts';
import { plot, section } from '../figure.ts';
import type { Markup } from '../markup.ts';
import { shareDomain } from '../scale.ts';
import { AXIS_TEXTS, nameOf, settingOf } from '../settings.ts';

/** Axes along which curves are drawn, in this order. */
const CURVED: readonly NumericAxis[] = ['actionHorizon', 'nfe', 'guidance', 'delay'];
/** What curves of one panel differ in, in order of preference. */
const KEYED: readonly Axis[] = [
  'scheme',
  'perturbation',
  'nfe',
  'actionHorizon',
  'guidance',
  'delay',
];
const MOST_PANELS = 24;

/** Success along each axis on which the plan has several places; nothing where it has none. */
export function curvesSection(report: ExperimentReport): Markup | null {
  const contenders = report.contenders.map(({ contender }) => contender);
  const axes = CURVED.filter((axis) => placesOn(axis, contenders).length > 1);
  const drawn = axes.flatMap((axis) => curvesAlong(axis, report) ?? []);
  if (drawn.length === 0) return null;
  return section('curves', 'Along the axes of the plan', ...drawn);
}

interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
}

/** @returns null where no policy has two places on the axis with all else equal */
function curvesAlong(axis: NumericAxis, report: ExperimentReport): Markup | null {
  const contenders = report.contenders.map(({ contender }) => contender);
  const others = varyingAxes(contenders).filter((each) => each !== axis);
  const key = KEYED.find((each) => others.includes(each)) ?? null;
  const keys = key === null ? [] : keysOn(key, contenders);
  const keyed = key !== null && keys.length <= TOLD_APART ? key : null;
  const rest = others.filter((each) => each !== keyed);
  const panels = panelsAlong(axis, report, { keyed, keys, rest });
  if (panels.length === 0) return null;
  const shown = panels.slice(0, MOST_PANELS);
  const { title, short } = AXIS_TEXTS[axis];
  const lows = shown.flatMap(({ curves }) =>
    curves.flatMap(({ points }) => points.map(({ rate }) => rate.ci95[0])),
  );
  const domain = shareDomain(lows);
  const places = placesOn(axis, contenders).map(Number);
  const id = `curve-${axis}`;
  const hidden = panels.length - shown.length;
  const names = keys.map((place) =>
    `${keyed ? AXIS_TEXTS[keyed].short : ''} ${place ?? '–'}`.trim(),
  );
  const by = keyed === null ? '' : `, a curve for each ${nameOf(keyed)}`;
  return plot(id, {
    note:
      `Success along the ${title}${by}, with 95 % intervals. Policies that have one place on it are ` +
      `left out.${hidden > 0 ? ` ${hidden} further panels are left out; the table has all.` : ''}`,
    key: keyed === null ? null : legend(names),
    panels: shown.map((panel, k) => ({
      title: panel.title,
      picture: curvePanel(
        {
          id: `${id}-${k}`,
          title: `Success of ${panel.title} along ${short}`,
          description: `${panel.curves.length} curves; the numbers are in the table below.`,
        },
        panel.curves,
        { places, title, logarithmic: axis === 'nfe', domain },
      ),
    })),
    numbers: {
      caption: `Success along ${short}`,
      heads: ['contender', short, 'success', '95 %'],
      rows: report.contenders
        .filter(({ contender }) => placeOn(axis, contender) !== null)
        .map(({ name, contender, measures: { success } }) => [
          ...[name, String(placeOn(axis, contender))],
          ...[percent(success.rate), range(success.ci95)],
        ]),
    },
  });
}

/** Places on the axis that tells curves apart; null for those who have none. */
function keysOn(axis: Axis, contenders: readonly Contender[]): (number | string | null)[] {
  const places = placesOn(axis, contenders);
  return contenders.some((each) => placeOn(axis, each) === null) ? [...places, null] : places;
}

function panelsAlong(
  axis: NumericAxis,
  { contenders, groups }: ExperimentReport,
  { keyed, keys, rest }: { keyed: Axis | null; keys: readonly unknown[]; rest: readonly Axis[] },
): Panel[] {
  return groups.flatMap(({ name, members }) => {
    const own = members.map((i) => contenders[i]);
    const settings = [...new Set(own.map(({ contender }) => settingOf(contender, rest)))];
    return settings.flatMap((setting): Panel[] => {
      const here = own.filter(({ contender }) => settingOf(contender, rest) === setting);
      const curves = (keyed === null ? [null] : keys).flatMap((place, k): Curve[] => {
        const on = here.filter(
          ({ contender }) => keyed === null || placeOn(keyed, contender) === place,
        );
        const points = pointsOf(axis, on);
        return points.length > 1 ? [{ place: k, points }] : [];
      });
      return curves.length > 0
        ? [{ title: [name, setting].filter(Boolean).join(', '), curves }]
        : [];
    });
  });
}

function pointsOf(axis: NumericAxis, contenders: readonly ReportedContender[]): Curve['points'] {
  return contenders
    .flatMap(({ name, contender, measures: { success } }) => {
      const at = placeOn(axis, contender);
      const said = `${name}: ${percent(success.rate)} (${range(success.ci95)})`;
      return at === null ? [] : [{ at: Number(at), rate: success, said }];
    })
    .sort((a, b) => a.at - b.at);
}
