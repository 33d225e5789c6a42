import type { EpisodeSummary } from '../../../server/protocol/index.ts';
import { useApp } from '../../app.ts';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { t } from '../../texts.ts';
import { EpisodeCurves } from './episode-curves.tsx';
import { FilterBar } from './filter-bar.tsx';
import { Oddities } from './oddities.tsx';
import { PathMap } from './path-map.tsx';

/** The demonstrations of the dataset that is opened: from above, narrowed down, and one in full. */
export function Inspector({ episodes }: { episodes: readonly EpisodeSummary[] }) {
  const { settings, viewer } = useApp();
  const text = t.value.look;
  const dataset = viewer.dataset.value;
  const overview = viewer.overview.value;
  const here = dataset?.task === settings.task.value;
  if (episodes.length === 0) return null;
  return (
    <div class="stack inspector">
      {overview ? <PathMap /> : <p class="muted">{viewer.load.busy.value && text.reading}</p>}
      <ActionError of={viewer.load} testid="look-error" />
      {overview && overview.paths.size < episodes.length && (
        <p class="hint">{text.thinned(overview.paths.size, episodes.length)}</p>
      )}
      <FilterBar episodes={episodes} />
      {overview && <Oddities overview={overview} />}
      {here && (
        <button
          type="button"
          class="small"
          aria-pressed={viewer.onStage.value}
          data-testid="look-on-stage"
          onClick={() => (viewer.onStage.value ? viewer.leave() : viewer.show())}
        >
          {viewer.onStage.value ? text.leave : text.onStage}
        </button>
      )}
      <Chosen />
    </div>
  );
}

/** The episode that was chosen. */
function Chosen() {
  const { viewer } = useApp();
  const text = t.value.look;
  const selected = viewer.selected.value;
  const playback = viewer.playback.value;
  if (selected === null) return <p class="hint">{text.invite}</p>;
  return (
    <section aria-label={text.episode(selected)} data-testid="look-chosen">
      <h4>{text.episode(selected)}</h4>
      {!playback && viewer.fetch.busy.value && <p class="muted">{t.value.loading}</p>}
      <ActionError of={viewer.fetch} testid="look-episode-error" />
      {playback && (
        <>
          <p class="small-text muted" data-testid="look-replayed">
            {playback.view.events ? text.replayed : text.notReplayed}
          </p>
          <EpisodeCurves playback={playback} />
        </>
      )}
    </section>
  );
}
