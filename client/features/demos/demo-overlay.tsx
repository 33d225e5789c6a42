import { useApp } from '../../app.ts';
import { modeOf } from '../../shared/tasks/modes.ts';
import { t } from '../../texts.ts';

/** Over the stage while it shows demonstrations: what one sees. */
export function DemoOverlay() {
  const { datasets, viewer } = useApp();
  const text = t.value.look;
  const dataset = viewer.dataset.value;
  const selected = viewer.selected.value;
  const episode = datasets.opened.value?.episodes?.find(({ index }) => index === selected);
  if (!dataset) return null;
  const mode = episode && modeOf(dataset.task, episode.mode);
  return (
    <div class="demo-overlay" data-testid="demo-overlay">
      <h2>{dataset.name}</h2>
      {episode ? (
        <p>
          {text.episode(episode.index)}
          {mode && <span style={{ color: mode.colour }}> · {mode.text}</span>}
          {` · ${episode.success ? text.results.success : text.results.failure}`}
        </p>
      ) : (
        <p>{text.paths(viewer.listed.value.length)}</p>
      )}
      {episode?.instruction && <q lang="en">{episode.instruction}</q>}
      {viewer.playback.value && (
        <p class="hint">
          <span class="curve-key" style={{ background: mode?.colour }} /> {text.done}{' '}
          <span class="curve-key wanted" /> {text.wanted}
        </p>
      )}
    </div>
  );
}
