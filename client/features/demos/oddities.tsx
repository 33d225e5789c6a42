import type { Outlier } from '../../../server/protocol/index.ts';
import { useApp } from '../../app.ts';
import { t } from '../../texts.ts';
import type { Overview } from './viewer.ts';

/** Named at once; the filter shows all. */
const NAMED = 6;

/** Episodes that repeat another one, and those that are unlike the others, each a way to it. */
export function Oddities({ overview: { duplicates, outliers } }: { overview: Overview }) {
  const { viewer } = useApp();
  const text = t.value.look;
  const hz = viewer.dataset.value?.controlHz ?? 20;
  const named = [
    ...duplicates.map(({ episode, of, exact }) => ({
      episode,
      why: exact ? text.same(of) : text.alike(of),
    })),
    ...outliers.map((outlier) => ({ episode: outlier.episode, why: whyOf(outlier, hz) })),
  ];
  if (named.length === 0) return <p class="hint">{text.nothingOdd}</p>;
  return (
    <ul class="oddities" aria-label={text.odd(viewer.odd.value.size)} data-testid="oddities">
      {named.slice(0, NAMED).map(({ episode, why }) => (
        <li key={`${episode} ${why}`}>
          <button type="button" class="small" onClick={() => viewer.select(episode)}>
            {episode}
          </button>
          <span class="small-text">{why}</span>
        </li>
      ))}
      {named.length > NAMED && <li class="hint">{text.furtherOdd(named.length - NAMED)}</li>}
    </ul>
  );
}

function whyOf({ by, value, usual }: Outlier, hz: number): string {
  const text = t.value.look;
  if (by === 'path') return text.otherWay((100 * value).toFixed(0), (100 * usual).toFixed(0));
  return text.otherLength((value / hz).toFixed(1), (usual / hz).toFixed(1));
}
