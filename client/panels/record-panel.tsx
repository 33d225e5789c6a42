import { NAME_PATTERN } from '../../server/protocol/names.ts';
import { t } from '../i18n/index.ts';
import { sideWord } from '../scene/record-buttons.tsx';
import { useApp } from '../state/app.ts';
import { ActionError, ErrorNote } from '../widgets/error-note.tsx';
import { Field } from '../widgets/fields.tsx';
import { KeyTable } from '../widgets/key-table.tsx';

/** Beside the recorder: where recordings go, what became of them, and what to do with them. */
export function RecordPanel() {
  const { recording, datasets } = useApp();
  const text = t.value.record;
  return (
    <>
      <h2>{text.title}</h2>
      <p class="lead">{text.intro}</p>
      <Field label={text.dataset}>
        {(id) => (
          <input
            id={id}
            type="text"
            list="dataset-names"
            value={recording.dataset.value}
            pattern={NAME_PATTERN}
            title={t.value.demos.nameRule}
            spellcheck={false}
            data-testid="record-dataset"
            onInput={(event) => {
              const { value, validity } = event.currentTarget;
              if (value !== '' && validity.valid) recording.dataset.value = value;
            }}
            onBlur={(event) => {
              event.currentTarget.value = recording.dataset.value;
            }}
          />
        )}
      </Field>
      <datalist id="dataset-names">
        {datasets.all.value?.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Saved />
      <UnsavedList />
      <TrainOnThese />
      <p class="hint">{text.why}</p>
      <h3>{text.keysTitle}</h3>
      <KeyTable
        rows={[
          [['←', '↑', '↓', '→', 'WASD'], text.keys.move],
          [['E', 'Q'], text.keys.height],
          [['␣'], text.keys.grip],
          [['⇧'], text.keys.slow],
          [['⏎'], text.keys.start],
          [['R'], text.keys.redo],
          [['Esc'], text.keys.discard],
        ]}
      />
    </>
  );
}

function Saved() {
  const { recording } = useApp();
  const text = t.value.record;
  const accepted = recording.accepted.value;
  return (
    <div role="status" class="saved-slot">
      {accepted && (
        <p class="good-note" data-testid="record-accepted" data-mode={accepted.episode.mode}>
          <b>{text.saved(accepted.dataset.name, accepted.episode.index)}</b>{' '}
          {text.savedMode(sideWord(accepted.episode.mode), accepted.episode.success)}
        </p>
      )}
    </div>
  );
}

function UnsavedList() {
  const { recording } = useApp();
  const text = t.value.record;
  const unsaved = recording.unsaved.value;
  if (unsaved.length === 0) return null;
  return (
    <section data-testid="record-unsaved">
      <h3>{text.unsaved(unsaved.length)}</h3>
      <ul class="list">
        {unsaved.map(({ key, dataset, saving, error }) => (
          <li key={key} class="card">
            <p>
              <b>{dataset}</b> {saving && <span class="muted">{text.saving}</span>}
            </p>
            {error && <ErrorNote message={error.message} testid="record-rejected" />}
            {!saving && (
              <div class="row">
                <button
                  type="button"
                  data-testid="record-retry"
                  onClick={() => recording.retry(key)}
                >
                  {t.value.retry}
                </button>
                <button type="button" data-testid="record-drop" onClick={() => recording.drop(key)}>
                  {text.discard}
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function TrainOnThese() {
  const { datasets, recording, training, view } = useApp();
  const text = t.value.record;
  const dataset = datasets.all.value?.find(({ name }) => name === recording.dataset.value);
  if (!dataset || dataset.episodes === 0) return null;
  return (
    <div class="stack">
      <button
        type="button"
        class="wide"
        data-testid="record-train"
        disabled={training.startOn.busy.value}
        onClick={() => {
          view.tab.value = 'train';
          void training.startOn.run(dataset.name);
        }}
      >
        {text.train}
      </button>
      <p class="hint">{text.trainHint(dataset.episodes)}</p>
      <ActionError of={training.startOn} />
    </div>
  );
}
