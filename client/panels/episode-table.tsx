import { useSignal } from '@preact/signals';
import type { EpisodeSummary } from '../../server/protocol/index.ts';
import { t } from '../i18n/index.ts';
import { sideWord } from '../scene/record-buttons.tsx';

/** Rows shown at once; a dataset may have thousands. */
const PAGE = 50;

export function EpisodeTable({
  episodes,
  controlHz,
}: {
  episodes: readonly EpisodeSummary[] | null;
  controlHz: number;
}) {
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
          </tr>
        </thead>
        <tbody class="tabular">
          {episodes.slice(0, shown.value).map((episode) => (
            <tr key={episode.index}>
              <td>{episode.index}</td>
              <td class={episode.mode ?? ''}>{sideWord(episode.mode) ?? '–'}</td>
              <td>{sourceWord(episode.source)}</td>
              <td class={episode.success ? 'good' : 'bad'}>
                {episode.success
                  ? text.result.success
                  : episode.contact
                    ? text.result.contact
                    : text.result.none}
              </td>
              <td>{(episode.length / controlHz).toFixed(1)}</td>
            </tr>
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

function sourceWord(source: string): string {
  const words = t.value.demos.source;
  return source === 'scripted' || source === 'browser' ? words[source] : source;
}
