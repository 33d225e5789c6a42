import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import type { DatasetSummary, EpisodeSummary } from '../../../server/protocol/index.ts';
import { useApp } from '../../app.ts';
import { modeOf } from '../../shared/tasks/modes.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';
import { sourceOf } from './filter.ts';

/** Rows shown at once; a dataset may have thousands. */
const PAGE = 50;

export function EpisodeTable({
  dataset,
  episodes,
}: {
  dataset: DatasetSummary;
  episodes: readonly EpisodeSummary[] | null;
}) {
  const { datasets, viewer } = useApp();
  const shown = useSignal(PAGE);
  const text = t.value.demos;
  if (!episodes) return <p class="muted">{t.value.loading}</p>;
  const rest = episodes.length - shown.value;
  return (
    <div class="episodes">
      <table data-testid="episodes">
        <thead>
          <tr>
            {Object.values(text.columns).map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody class="tabular">
          {episodes.slice(0, shown.value).map((episode) => (
            <Fragment key={episode.index}>
              {episode.instruction !== undefined && (
                <tr class="told-episode">
                  <td />
                  <td colSpan={5} data-testid={`episode-${episode.index}-told`}>
                    {episode.instruction === '' ? (
                      t.value.tell.silence
                    ) : (
                      <q lang="en">{episode.instruction}</q>
                    )}
                  </td>
                </tr>
              )}
              <tr>
                <td>
                  <button
                    type="button"
                    class="small"
                    aria-pressed={viewer.selected.value === episode.index}
                    aria-label={`${t.value.look.play}: ${episode.index}`}
                    data-testid={`episode-${episode.index}-play`}
                    onClick={() => viewer.select(episode.index)}
                  >
                    {episode.index}
                  </button>
                </td>
                <ModeCell task={dataset.task} mode={episode.mode} />
                <td>{sourceWord(sourceOf(episode))}</td>
                <td class={episode.success ? 'good' : 'bad'}>
                  {episode.success
                    ? text.result.success
                    : episode.contact
                      ? text.result.contact
                      : text.result.none}
                </td>
                <td>{(episode.length / dataset.controlHz).toFixed(1)}</td>
                <td>
                  <button
                    type="button"
                    class="bare"
                    title={t.value.demos.removeEpisode}
                    aria-label={`${t.value.demos.removeEpisode}: ${episode.index}`}
                    data-testid={`episode-${episode.index}-remove`}
                    disabled={datasets.edit.busy.value}
                    onClick={() =>
                      void datasets.edit.run(dataset, {
                        kind: 'delete',
                        episodes: String(episode.index),
                      })
                    }
                  >
                    <Icon name="trash" size={14} />
                  </button>
                </td>
              </tr>
            </Fragment>
          ))}
        </tbody>
      </table>
      {rest > 0 && (
        <button
          type="button"
          class="small"
          onClick={() => {
            shown.value += 4 * PAGE;
          }}
        >
          {text.more(rest)}
        </button>
      )}
    </div>
  );
}

function ModeCell({ task, mode }: { task: string; mode: string | null }) {
  const shown = modeOf(task, mode);
  return <td style={{ color: shown?.colour }}>{shown?.text ?? mode ?? '–'}</td>;
}

/** Who demonstrated. */
export function sourceWord(source: string): string {
  return Object.entries(t.value.demos.source).find(([name]) => name === source)?.[1] ?? source;
}
