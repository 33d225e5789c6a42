import { useApp } from '../../app.ts';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { t } from '../../texts.ts';

/** Recordings that the server does not have, and the one that was thrown away last. */
export function UnsavedList() {
  const { recording } = useApp();
  const text = t.value.record;
  const { kept } = t.value.recorder;
  const unsaved = recording.unsaved.value;
  const dropped = recording.dropped.value;
  return (
    <>
      {dropped && (
        <p class="row spread" role="status" data-testid="record-dropped">
          <span>{kept.dropped(dropped.dataset)}</span>
          <button
            type="button"
            class="small"
            data-testid="record-take-back"
            onClick={() => recording.takeBack()}
          >
            {t.value.undo}
          </button>
        </p>
      )}
      {unsaved.length > 0 && (
        <section data-testid="record-unsaved">
          <h3>{text.unsaved(unsaved.length)}</h3>
          <ul class="list">
            {unsaved.map(({ key, dataset, saving, error, restored }) => (
              <li key={key} class="card">
                <p>
                  <b>{dataset}</b> {saving && <span class="muted">{text.saving}</span>}
                </p>
                {error && <ErrorNote message={error.message} testid="record-rejected" />}
                <p class="hint" data-testid="record-kept">
                  {recording.unkept.value ? kept.not : restored ? kept.restored : kept.here}
                </p>
                {!saving && (
                  <div class="row">
                    <button
                      type="button"
                      data-testid="record-retry"
                      onClick={() => recording.retry(key)}
                    >
                      {error ? t.value.retry : text.save}
                    </button>
                    <button
                      type="button"
                      data-testid="record-drop"
                      onClick={() => recording.drop(key)}
                    >
                      {text.discard}
                    </button>
                  </div>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
