import type { ExperimentReport, ReportedContender } from '../../../server/experiments/report.ts';
import { percent } from '../../table.ts';
import { legend } from '../charts/drawing.ts';
import { frontPanel } from '../charts/front.ts';
import { plot, section } from '../figure.ts';
import type { Markup } from '../markup.ts';
import { shareDomain } from '../scale.ts';
import type { FrontTimes } from '../times.ts';

const ENTROPY_TEXTS = {
  conditionalEntropy: { short: 'H(mode|start)', long: 'the entropy of the ways from one start' },
  modeEntropy: { short: 'H(mode)', long: 'the entropy of the ways of all successes' },
} as const;

/** What network calls buy: success and variety, a panel for each number of calls. */
export function frontSection(report: ExperimentReport, times: FrontTimes | null): Markup {
  const { contenders, groups, entropy } = report;
  const { short, long } = ENTROPY_TEXTS[entropy];
  const pointOf = (each: ReportedContender, i: number) => ({
    place: groups.findIndex(({ members }) => members.includes(i)),
    success: each.measures.success.rate,
    entropy: each.measures[entropy],
    onFront: each.onFront,
    said: `${each.name}: ${percent(each.measures.success.rate)}, ${short} ${each.measures[entropy].toFixed(2)}`,
    nfe: each.contender.nfe,
  });
  const points = contenders.map(pointOf);
  const costs = [...new Set(points.map(({ nfe }) => nfe))].sort(
    (a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY),
  );
  const domain = shareDomain(points.map(({ success }) => success));
  const front = contenders.flatMap((each, place) => (each.onFront ? [{ each, place }] : []));
  return section(
    'front',
    'What network calls buy',
    plot('front', {
      note:
        `Success against ${long}, a panel for each number of network evaluations a chunk. Filled: none ` +
        'has more of one, or takes fewer calls, and is as good in all else. The line is what up to so many calls reach.' +
        (times ? ` Plans were timed alone as this report was made, on ${times.cpu}.` : ''),
      key: legend(groups.map(({ name }) => name)),
      panels: costs.map((nfe, k) => {
        const here = points.filter((point) => point.nfe === nfe);
        const upTo = points.filter((point) => point.nfe !== null && point.nfe <= (nfe ?? 0));
        const title = nfe === null ? 'NFE not known' : `NFE ${nfe}`;
        return {
          title,
          picture: frontPanel(
            {
              id: `front-${k}`,
              title: `Success and entropy, ${title}`,
              description:
                `${here.length} contenders, of which ${here.filter((each) => each.onFront).length} are on ` +
                'the front; the numbers are in the table below.',
            },
            here,
            nfe === null ? here : upTo,
            { domain, entropy: short },
          ),
        };
      }),
      numbers: {
        caption: `The front: ${front.length} of ${contenders.length} contenders`,
        heads: ['contender', 'NFE', 'success', short, ...(times ? ['ms a plan, p50', 'p99'] : [])],
        rows: front.map(({ each: { name, contender, measures }, place }) => [
          ...[name, String(contender.nfe), percent(measures.success.rate)],
          measures[entropy].toFixed(2),
          ...(times ? timesOf(times, place) : []),
        ]),
      },
    }),
  );
}

function timesOf({ plans }: FrontTimes, place: number): string[] {
  const chunk = plans.get(place)?.chunk;
  return chunk ? [chunk.p50.toFixed(1), chunk.p99.toFixed(1)] : ['–', '–'];
}
